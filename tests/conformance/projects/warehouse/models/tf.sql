{{ config(materialized='table_function', parameters=['lo', 'hi']) }}
select id from {{ ref('base') }} where id between lo and hi
