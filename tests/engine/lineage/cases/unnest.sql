-- orders(id int, tags text[])
select id, tag, upper(tag) as loud from orders, unnest(tags) as t(tag)
