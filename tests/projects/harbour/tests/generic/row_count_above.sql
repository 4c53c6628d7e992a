{% test row_count_above(model, minimum, options={}) %}select 1 where (select count(*) from {{ model }}) < {{ minimum }}{% endtest %}
{% test dim_overlap(model) %}select 1 where false{% endtest %}
