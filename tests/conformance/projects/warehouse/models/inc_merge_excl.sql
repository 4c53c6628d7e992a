{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_exclude_columns=['customer']) }}
select id, customer || {{ var('day') }} as customer, day, {{ var('day') }} as run from {{ ref('base') }}
