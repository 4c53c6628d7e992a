{{ config(materialized='table') }}
select account, sum(amount) as balance from {{ ref('entries') }} group by account
