select 'a' as n, 2 as extra
