{{ config(materialized='table') }}
select current_date is not null as c, {{ dbt.current_timestamp() }} is not null as ts, '{{ dbt.current_timestamp() }}' as raw
