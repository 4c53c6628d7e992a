-- orders(id int, customer_id int, amount bigint)
select distinct on (customer_id) id, amount from orders order by customer_id, amount desc
