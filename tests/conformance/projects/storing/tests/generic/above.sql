{% test above(model, column_name, low=0) %}
{{ config(fail_calc='count(*)') }}
select {{ column_name }} from {{ model }} where {{ column_name }} <= {{ low }} order by 1
{% endtest %}
