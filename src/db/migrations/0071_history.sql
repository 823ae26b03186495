-- Undo: which operation was taken back by which (src/record/undo.h). The audit page goes along the first entries of operations.
create table operation_undo (
  id integer primary key,
  undoes integer not null
) strict;
create index operation_undo_of on operation_undo (undoes);
create index change_head on change (seq) where seq = operation;
create index change_head_actor on change (actor, seq) where seq = operation;
create index change_head_object on change (object_id, seq) where seq = operation;
