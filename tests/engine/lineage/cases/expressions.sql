-- orders(id int, amount int, status text, placed date, until date, left_at date, data text)
select
    cast(amount as decimal(10, 2)) as a, amount::double / 2 as b, try_cast(status as int) as c,
    case when status in ('x', 'y') and amount between 1 and id then amount when status is not distinct from 'z' then 0 else null end as d,
    date_trunc('month', placed) as e, placed + interval 3 day as f, date_diff('day', placed, until) as g,
    extract(year from placed) as h, date '2024-01-01' < placed as i, interval '1' month + until as j,
    substring(status from 2 for 3) as k, trim(both 'x' from status) as l, position('a' in status) as m,
    not (amount = 1 or id is null) as n, status like 'a%' escape '!' as o, status collate nocase as p,
    current_date - placed as q, left(status, 2) || right(status, 1) as r, [amount, id][1] as s,
    {'key': amount, 'other': id} as t, coalesce(nullif(status, ''), 'none') as u, -amount as v,
    amount % 2 = 0 as w, (amount) as x, (status)::text as y, (id, amount) as z
from orders -- the end
/* and /* nested */ comments */
;
