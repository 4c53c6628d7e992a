select 1 as fixed
