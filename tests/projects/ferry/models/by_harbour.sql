{{ config(materialized='table') }}
select harbour, sum(passengers) as passengers, count(*) as crossings
from {{ ref('crossings') }} group by harbour
