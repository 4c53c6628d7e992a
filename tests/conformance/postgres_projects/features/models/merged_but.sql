{{ config(materialized='incremental', incremental_strategy='merge', unique_key='kind', merge_exclude_columns=['first_day']) }}
select kind, count(*) as n, {{ var('day') }} as first_day from {{ ref('happenings') }} group by kind
