{{ config(materialized='table') }}
select 1 as one,
  nothing_like_this
from {{ ref('indexed') }}
