-- orders(id int, customer_id int, amount int, status text)
select * exclude (customer_id) replace (amount / 100 as amount), upper(status) as loud from orders
