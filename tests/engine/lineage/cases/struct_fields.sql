-- people(id int, address struct(city text, street text))
select id, address.city, p.address.street as road from people p
