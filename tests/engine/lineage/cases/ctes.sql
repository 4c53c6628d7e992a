-- orders(id int, amount int, status text)
with a as (select * from orders where status = 'open'),
b as (select id, amount + 1 as more from a),
c (x, y) as (select id, more from b)
select x, y / 2 as half from c
