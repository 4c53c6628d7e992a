{{ config(materialized='table') }}
select id, customer from {{ ref('base') }}
