-- orders(id int, amount int, status text)
select id as order_id, amount, amount * 2 as "Double Amount", status s, 1 as one, 'x' as text from orders
