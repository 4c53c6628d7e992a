-- orders(id int, amount int)
-- returns(return_id int, value int)
select id, amount from orders union all select return_id, -value from returns
