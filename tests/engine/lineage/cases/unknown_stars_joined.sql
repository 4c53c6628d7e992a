-- orders(id int, ...)
-- people(...)
with joined as (select o.*, p.* from orders o join people p on o.person = p.id)
select id, name from joined
