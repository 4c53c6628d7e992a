{% if target.name == 'dev' %}select * from missing_table{% else %}select m from {{ ref('leaf') }}{% endif %}
