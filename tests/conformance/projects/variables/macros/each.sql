{% macro each(items) -%}
{% for item in items -%}
({{ caller(item) }}){% if not loop.last %} union all {% endif %}
{% endfor %}
{%- endmacro %}

{% macro kwargs_and_varargs() %}{{ return((varargs | length) ~ '/' ~ (kwargs.keys() | sort | join('+'))) }}{% endmacro %}
