{% if var('optional', false) %}
-- depends_on: {{ ref('maybe') }}
select count(*) as n from {{ ref('maybe') }}
{% else %}
select count(*) as n from {{ ref('numbers') }}
{% endif %}
