
WITH RECURSIVE counted(n) as (select 1 union all select n + 1 from counted where n < 3)
select n as id, t.name from counted join {{ ref('two') }} as t on t.id >= n cross join {{ ref('one') }} as o
