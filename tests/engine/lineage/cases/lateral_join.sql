-- orders(id int, amount int)
-- lines(order_id int, price int)
select o.id, l.total from orders o, lateral (select sum(price) as total from lines where lines.order_id = o.id) l
