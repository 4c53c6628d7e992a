{{ config(materialized='incremental', incremental_strategy='append') }}
select id, customer, day from {{ ref('base') }}
