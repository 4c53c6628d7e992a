{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
select id, customer || {{ var('day') }} as customer, day from {{ ref('base') }}
