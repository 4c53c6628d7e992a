{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_update_set_expressions={'customer': "'set'"}, merge_insert_condition='DBT_INTERNAL_SOURCE.id <> 3') }}
select id, customer, {{ var('day') }} as run from {{ ref('base') }}
