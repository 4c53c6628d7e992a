-- shop.orders(id int, amount int)
-- shop.people(id int, name text)
select shop.orders.amount, o.id, people.name
from shop.orders as o
join shop.orders on shop.orders.id = o.id
join shop.people on people.id = o.id
