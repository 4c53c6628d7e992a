{{ config(materialized='view') }}

{% for round_name in ['first_round', 'conference_semifinals', 'conference_finals', 'finals'] %}
select * from {{ ref(round_name) }}
{{ 'union all' if not loop.last }}
{% endfor %}
