select 1::bigint as a, 2 as b, 3 as c
