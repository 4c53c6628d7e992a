-- orders(id int, amount int, at timestamp)
select sum(amount), amount::text, max(at) at time zone 'utc', case when id > 1 then 1 end, E'it\'s' as e, $$ a 'quote' $$ as d, data ->> 'x' as field
from orders cross join lateral jsonb_each(to_jsonb(orders)) as j(key, data) group by 2, id
