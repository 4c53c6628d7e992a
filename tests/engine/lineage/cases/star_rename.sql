-- orders(id int, amount int)
select * rename (amount as total) from orders
