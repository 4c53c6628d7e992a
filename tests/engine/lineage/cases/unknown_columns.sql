-- orders(id int, ...)
-- people(...)
select id, o.amount, p.name, city from orders as o join people as p on p.key = o.key
