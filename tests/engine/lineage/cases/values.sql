-- orders(id int, status int)
select o.id, v.label from orders o join (values (1, 'open'), (2, 'closed')) as v(code, label) on v.code = o.status
