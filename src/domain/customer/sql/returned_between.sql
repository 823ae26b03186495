-- What a customer's returns with lo <= at < hi amount to.
select cast(coalesce(sum(amount_base), 0) as bigint) from o_return
where customer = :customer and returned_at >= :lo and returned_at < :hi and deleted_at is null and status = 'done'
