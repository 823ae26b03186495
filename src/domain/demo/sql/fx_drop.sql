-- Removes a rate the demo has set, unless it was changed since. :currency, :day, :rate.
delete from fx_rate where currency = :currency and day = :day and rate_e8 = :rate
