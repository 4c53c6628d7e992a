-- orders(id int, amount int, status text)
select amount / 100 as price, price * 2 as twice, lower(status) as status, status || 'x' as marked from orders
