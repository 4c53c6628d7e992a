-- orders(id int, amount int)
-- lines(order_id int, price int)
select id, (select sum(price) from lines where order_id = id) as total from orders
