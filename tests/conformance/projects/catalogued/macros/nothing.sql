{% macro nothing(a) %}{% endmacro %}
