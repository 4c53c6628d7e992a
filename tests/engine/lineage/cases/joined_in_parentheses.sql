-- orders(id int, customer_id int)
-- people(id int, city_id int, name text)
-- cities(id int, city text)
select o.id, name, city from orders o left join (people p join cities c on c.id = p.city_id) on p.id = o.customer_id
