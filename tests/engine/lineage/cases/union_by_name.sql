-- orders(id int, amount int)
-- returns(amount int, reason text)
select * from orders union all by name select * from returns
