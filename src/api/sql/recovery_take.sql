delete from recovery_code where code_hash = :hash and user_id = :user
