-- depends_on: {{ ref('order') }}
select "Order Id", s."select" from {{ source('outside', 'order') }} as s
{% if execute %}
  {% set found = adapter.get_relation(database=target.database, schema='raw', identifier='order') %}
  -- {{ found.type }} {{ adapter.get_columns_in_relation(found) | map(attribute='name') | join(', ') }}
  {% set missing = adapter.get_relation(database=target.database, schema='raw', identifier='nothing') %}
  -- {{ missing is none }} {{ load_relation(ref('order')).is_table }}
{% endif %}
