{% macro note(text) %}{% do log(text) %}select 1{% endmacro %}

{# Of the names of the package's: called by the project, and by tests of the package without its name. #}
{% macro twice(expression) %}({{ expression }} + {{ expression }}){% endmacro %}

{% macro nested(data) %}
    {%- if data is mapping -%}
        {%- for key in data -%}{{ stand_ins.nested(data[key]) }}{%- endfor -%}
    {%- else -%}
        {{ data.replace('_', ' ') }}
    {%- endif -%}
{% endmacro %}

{% test positive(model, column_name) %}
{{ config(tags=['by_macro']) }}
select * from {{ model }} where {{ column_name }} <= 0
{% endtest %}

{% macro yesterday() %}date '2024-01-01'{% endmacro %}

{% test since(model, column_name, day) %}
select * from {{ model }} where {{ column_name }} < {{ day }}
{% endtest %}
