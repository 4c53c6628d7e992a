-- orders(id int, amount int)
select to_json(o) as document, hash(o) as digest from orders o
