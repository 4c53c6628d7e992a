{{ config(alias='revenue_by_day', schema='reporting') }}
with p as (select * from {{ ref('order_payments') }}),
o as (select * from {{ ref('stg_orders') }})
select {{ dbt.date_trunc('day', 'o.ordered_at') }} as day, sum(p.paid) as revenue
from o join p on o.order_id = p.order_id
group by 1
