{{ config(materialized='incremental', incremental_strategy='append') }}
select id, {{ dbt.dateadd('day', 1, "cast('2024-05-01' as date)") }} as seen from {{ ref('crossings') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
