{{ config(materialized='table') }}
-- depends_on: {{ ref('tf') }}
select * from {{ ref('tf') }}(2, 3)
