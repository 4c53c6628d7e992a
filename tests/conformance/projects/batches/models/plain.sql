{{ config(materialized='table') }}
select * from {{ ref('clicks') }}
