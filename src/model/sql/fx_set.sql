INSERT INTO fx_rate (currency, day, rate_e8) VALUES (:currency, :day, :rate_e8)
ON CONFLICT (currency, day) DO UPDATE SET rate_e8 = excluded.rate_e8
