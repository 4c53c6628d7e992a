{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns') }}
select id, {% if var('day') == 1 %} 1 as n {% else %} 'text' as n {% endif %}, 5 as z from {{ ref('base') }}
