-- Ids of customer records after one, for a rebuild.
select id from o_customer where id > :after order by id limit :max
