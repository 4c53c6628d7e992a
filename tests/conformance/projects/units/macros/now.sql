{% macro now() %}date '2024-06-01'{% endmacro %}
