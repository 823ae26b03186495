-- PostgreSQL's own index merges by itself: nothing to set.
select 1;
