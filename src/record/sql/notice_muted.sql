select kind from notice_mute where user_id = ?1 order by kind
