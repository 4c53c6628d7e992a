-- orders(id int, amount int)
-- refunds(id int, refund int)
select id, amount, refund from orders full join refunds using (id)
