{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'customer'], incremental_predicates=["DBT_INCREMENTAL_TARGET.day > 0"]) }}
select id, customer, day, {{ var('day') }} as run from {{ ref('base') }}
