{{ config(materialized='table') }}
select id, name::varchar(40) as name, score, 'x' as extra from {{ ref('people') }}
