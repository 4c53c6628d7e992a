-- orders(id int, amount int)
-- returns(id int, amount int)
select id, amount from orders except select id, amount from returns
