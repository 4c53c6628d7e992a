-- orders(id int, customer_id int, amount int, placed_at bigint)
select id, row_number() over (partition by customer_id order by placed_at desc, id) as position,
    sum(amount) over w as running, lag(amount, 1 ignore nulls) over (order by placed_at) as before,
    sum(amount) over (order by placed_at rows between unbounded preceding and 1 following) as near
from orders window w as (partition by customer_id order by placed_at)
