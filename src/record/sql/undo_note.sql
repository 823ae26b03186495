insert into operation_undo (id, undoes) values (?1, ?2)
