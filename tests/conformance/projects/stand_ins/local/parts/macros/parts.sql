{% macro start() %}select {{ parts.twice(2) }}{% endmacro %}
{% macro twice(expression) %}2 * {{ expression }}{% endmacro %}
{% macro only_here() %}{{ return('1') }}{% endmacro %}
{% macro bound(low) %}{{ low }} * {{ only_here() }}{% endmacro %}

{% test positive(model, column_name) %}
select * from {{ model }} where {{ column_name }} < 0 -- the package's
{% endtest %}

{% test above(model, column_name, low) %}
{% if execute %}
select * from {{ model }} where {{ column_name }} <= {{ low }}
{% else %}
{{ parts.bound(low) }}
{% endif %}
{% endtest %}
