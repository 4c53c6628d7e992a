{% set rows = [
  (1, 'Ann', 'north', 1, 1), (1, 'Ann', 'south', 2, 9), (2, 'Bob', 'north', 1, 9), (3, 'Cas', 'east', 1, 1),
  (3, 'Cas', 'east', 3, 9), (4, 'Dee', 'west', 3, 9)
] %}
{% for id, name, region, since, until in rows if since <= var('day') <= until %}
select {{ id }} as id, '{{ name }}' as name, '{{ region }}' as region, timestamp '2024-01-0{{ since }}' as updated_at
{% if not loop.last %}union all{% endif %}
{% endfor %}
