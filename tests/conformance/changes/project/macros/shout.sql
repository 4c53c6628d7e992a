{% macro shout(column) %}{{ louder(column) }}{% endmacro %}
{% macro louder(column) %}upper({{ column }}){% endmacro %}
{% macro unused() %}1{% endmacro %}
