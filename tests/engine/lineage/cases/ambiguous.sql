-- orders(...)
-- people(...)
select id, name, o.amount from orders o join people p on o.person_id = p.id
