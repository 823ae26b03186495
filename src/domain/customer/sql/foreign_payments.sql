-- A customer's payments in another currency than :base, in the bin or not.
select id from o_payment where customer = :customer and currency <> :base
