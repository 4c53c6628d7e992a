{{ config(materialized='table') }}
{% if var('day') == 1 %}
select 1 as id, 'k' as k, timestamp '2024-01-01' as upd, 'one' as v union all select 2, 'k', timestamp '2024-01-01', 'two'
{% else %}
select 1 as id, 'k' as k, timestamp '2024-02-01' as upd, 'uno' as v union all select 3, 'k', timestamp '2024-02-01', 'three'
{% endif %}
