with orders as (

    select
        customer_id,
        min(ordered_on) as first_order_on,
        max(ordered_on) as latest_order_on,
        count(*) as order_count,
        sum(amount) as amount
    from {{ ref('stg_orders') }}
    where status != 'returned'
    group by customer_id

)

select
    customers.customer_id,
    customers.customer_name,
    customers.city,
    orders.first_order_on,
    orders.latest_order_on,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.amount, 0) as amount
from {{ ref('stg_customers') }} as customers
left join orders on orders.customer_id = customers.customer_id
