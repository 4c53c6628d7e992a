-- orders(id int, customer_id int, amount int)
select customer_id, id % 2 as odd, max(amount) as most from orders group by all
