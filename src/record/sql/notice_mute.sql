insert into notice_mute (user_id, kind) values (?1, ?2) on conflict (user_id, kind) do nothing
