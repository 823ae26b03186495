delete from mail where created_at <= :before and status <> 'waiting'
