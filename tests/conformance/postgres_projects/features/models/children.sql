{{ config(materialized='incremental', unique_key='child_id', on_schema_change='append_new_columns') }}
select id as parent_id, id * 10 as child_id, current_date > '2000-01-01' as fine from {{ ref('parents') }}
