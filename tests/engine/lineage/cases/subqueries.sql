-- orders(id int, customer_id int, amount int)
-- people(id int, vip boolean, name text)
select o.id, (select max(p.name) from people p where p.id = o.customer_id) as name,
    amount > (select avg(amount) from orders) as big
from orders o
where exists (select * from people where people.id = o.customer_id and vip)
  and o.customer_id in (select id from people)
