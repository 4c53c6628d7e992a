{{ config(materialized='view') }}
select 1 as plain, 2 as "Quoted One", 3 as "UPPER"
