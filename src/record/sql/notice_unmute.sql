delete from notice_mute where user_id = ?1
