create table operation_undo (
  id bigint primary key,
  undoes bigint not null
);
create index operation_undo_of on operation_undo (undoes);
create index change_head on change (seq) where seq = operation;
create index change_head_actor on change (actor, seq) where seq = operation;
create index change_head_object on change (object_id, seq) where seq = operation;
