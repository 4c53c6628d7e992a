{% test at_least_one(model) %}
select 1 as n from (select count(*) as n from {{ model }}) as t where n < 1
{% endtest %}
