{{ config(alias='checks the names', severity='warn', store_failures=true, schema='audit') }}
select order_id from {{ ref('table') }} where order_id > 1
