{% test paid_in_full(model, paid, amount) %}
select * from {{ model }} where {{ paid }} < {{ amount }}
{% endtest %}
