select range as n, case when range % 2 = 0 then null else 'odd' end as kind from range(6)
