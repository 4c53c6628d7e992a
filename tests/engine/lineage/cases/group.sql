-- orders(id int, customer_id int, amount int, status text)
select customer_id, count(*) as orders, sum(amount) filter (where status = 'paid') as paid,
    count(distinct status) as statuses, string_agg(status, ',' order by id) as list
from orders group by 1 having sum(amount) > 10 order by paid desc limit 5
