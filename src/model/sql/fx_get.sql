-- the rate in force on a day
SELECT rate_e8 FROM fx_rate WHERE currency = :currency AND day <= :day ORDER BY day DESC LIMIT 1
