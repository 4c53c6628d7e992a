{{ config(materialized='table') }}
-- {{ ref('three') }}
with kept as (select * from {{ ref('three') }})
select k.id, d.name from kept as k left join {{ ref('dunder') }} as d on true
