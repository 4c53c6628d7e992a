-- orders(id int, amount int, status text)
select status, id, sum(amount) as total from orders group by grouping sets ((status, id), (status), ())
