-- A customer's orders in another currency than :base, in the bin or not.
select id from o_order where customer = :customer and currency <> :base
