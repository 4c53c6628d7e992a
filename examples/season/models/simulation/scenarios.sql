{{ config(materialized='ephemeral') }}

select number::integer as scenario
from range(1, {{ var('scenarios') | int + 1 }}) as scenarios (number)
