{{ config(tags=['orders', 'hourly'], meta={'grain': 'order'}) }}

with source as (

    select * from {{ source('exports', 'orders') }}

)

select
    id as order_id,
    customer_id,
    cast(ordered_at as timestamp) as ordered_at,
    status,
    amount
from source
