-- orders(id int, ...)
with renamed as (select * from orders)
select *, status from renamed where kind = 1
