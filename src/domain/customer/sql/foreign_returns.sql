-- A customer's returns in another currency than :base, in the bin or not.
select id from o_return where customer = :customer and currency <> :base
