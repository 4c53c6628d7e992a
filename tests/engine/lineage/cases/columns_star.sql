-- orders(id int, amount int)
select max(columns(*)) from orders
