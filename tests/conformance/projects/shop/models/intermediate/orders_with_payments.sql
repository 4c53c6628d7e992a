{{ config(materialized='ephemeral', tags=['ephemeral']) }}
with orders as (
    select * from {{ ref('stg_orders') }}
)
select orders.*, coalesce(p.paid, 0) as paid, coalesce(p.payments, 0) as payments
from orders
left join {{ ref('order_payments') }} as p using (order_id)
