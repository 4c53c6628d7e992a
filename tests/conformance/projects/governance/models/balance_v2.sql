{{ config(materialized='table') }}
select account, sum(amount) as balance, count(*) as entries from {{ ref('entries') }} group by account
