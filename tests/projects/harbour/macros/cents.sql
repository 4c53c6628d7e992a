{% macro cents(column, scale=2) %}round({{ column }}, {{ scale }}){% endmacro %}
