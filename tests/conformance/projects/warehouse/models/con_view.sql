{{ config(materialized='view') }}
select id, customer from {{ ref('con_parent') }}
