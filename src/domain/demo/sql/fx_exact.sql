-- The rate that begins on a day, if any. :currency, :day.
select rate_e8 from fx_rate where currency = :currency and day = :day
