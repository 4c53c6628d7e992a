{{ config(materialized='incremental', unique_key='id', on_schema_change='ignore') }}
{% if var('day') == 1 or 'ignore' == 'fail' %}
select id, customer, 1 as gone from {{ ref('base') }}
{% elif 'ignore' == 'ignore' %}
select id, customer, 3 as gone, 'new' as fresh from {{ ref('base') }}
{% else %}
select id, customer, {% if 'ignore' != 'sync_all_columns' %} 2 as gone, {% endif %} 'new' as fresh, 1.5 as num from {{ ref('base') }}
{% endif %}
