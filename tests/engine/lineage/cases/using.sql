-- orders(id int, amount int)
-- refunds(id int, refund int)
select *, amount - coalesce(refund, 0) as net from orders left join refunds using (id)
