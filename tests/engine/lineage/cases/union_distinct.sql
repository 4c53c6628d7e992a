-- orders(id int, amount int)
-- returns(return_id int, value int)
select * from orders union select * from returns order by 1
