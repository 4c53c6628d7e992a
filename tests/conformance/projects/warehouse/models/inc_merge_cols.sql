{{ config(materialized='incremental', incremental_strategy='merge', unique_key=['id'], merge_update_columns=['run'], merge_update_condition='DBT_INTERNAL_SOURCE.id <> 2', incremental_predicates=['DBT_INTERNAL_DEST.day < 5']) }}
select id, customer || {{ var('day') }} as customer, day, {{ var('day') }} as run from {{ ref('base') }}
