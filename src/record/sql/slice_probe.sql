-- Is the last entry of a slice in the log? :seq. Column: the entry's operation.
select operation from change where seq = :seq
