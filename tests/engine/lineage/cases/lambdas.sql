-- orders(id int, amounts int[], x int)
select list_transform(amounts, lambda y: y + x) as more, list_filter(amounts, z -> z > id) as fewer from orders
