{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id') }}
select id, customer || {{ var('day') }} as customer, day from {{ ref('base') }}
