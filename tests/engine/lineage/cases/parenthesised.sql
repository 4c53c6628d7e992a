-- orders(id int, amount int)
-- people(id int, name text)
((select id from orders) union all (select id from people)) order by id limit 3
