{{ config(materialized='table') }}
select * from {{ ref('second') }}
