-- orders(id int, customer_id int)
-- people(id int, name text)
select orders.id from orders semi join people on people.id = orders.customer_id
