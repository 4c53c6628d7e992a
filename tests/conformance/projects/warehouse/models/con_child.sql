{{ config(materialized='table') }}
select id, id as parent_id, customer from {{ ref('con_parent') }}
