-- orders(id int)
select id from (select id from orders
