{% test is_wide(model, columns, text='') %}select 1 where false{% endtest %}
