-- Further roles of members that are this one.
select count(*) from user_role where role_id = :id
