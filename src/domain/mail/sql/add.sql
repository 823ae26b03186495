insert into mail (kind, address, user_id, lang, subject, body, remote, status, run_at, created_at)
values (:kind, :address, :user, :lang, :subject, :body, :remote, 'waiting', :now, :now)
