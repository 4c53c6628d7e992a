select 6 as n
