{{ config(materialized='incremental', unique_key=['day', 'kind'], incremental_strategy='delete+insert', incremental_predicates=["day > 0"]) }}
select day, kind, sum(amount) as amount from {{ ref('happenings') }} group by 1, 2
