{{ config(alias='Some Name', schema='Mixed Case') }}
select * from {{ ref('table') }}
