-- orders(id int)
select count(*) as n from orders
