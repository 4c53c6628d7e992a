-- orders(id int, amount int)
-- refunds(id int, refund int)
select * from orders natural join refunds
