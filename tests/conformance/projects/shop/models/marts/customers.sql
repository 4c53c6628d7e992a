{{
    config(
        materialized='table',
        tags='customer',
        meta={'tier': 0, 'owner': 'crm'},
    )
}}
with
totals as (
    select customer_id, count(*) as orders, sum(amount) as spent, min(ordered_at) as first_order
    from {{ ref("shop", "orders") }}
    where status != 'returned'
    group by 1
)
select c.*, coalesce(t.orders, 0) as orders, t.spent, t.first_order
from {{ ref('stg_customers') }} c
left join totals t on t.customer_id = c.customer_id
