{{ config(materialized='incremental', unique_key='id', on_schema_change='fail', pre_hook=["select 1", {"sql": "select 2", "transaction": False}]) }}
select * from {{ ref('stg_calls') }} join {{ ref('tools', 'calendar') }} on true
