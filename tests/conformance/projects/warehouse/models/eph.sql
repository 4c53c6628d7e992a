{{ config(materialized='ephemeral') }}
select id, customer, amount from {{ ref('base') }}
