-- orders(id int, customer_id int, amount int)
-- people(id int, name text)
select o.*, p.name, o.id + p.id as both_ids from orders o join people p on p.id = o.customer_id
