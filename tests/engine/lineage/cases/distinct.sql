-- orders(id int, customer_id int)
select distinct customer_id from orders
