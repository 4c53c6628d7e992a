-- orders(id int, amount int)
with orders as (with inner_one as (select id, amount from orders) select id, amount as total from inner_one)
select * from (select total, id from orders) as x
