{{ config(materialized='table') }}
select entry as id, amount, 'x' as note from {{ ref('entries') }}
