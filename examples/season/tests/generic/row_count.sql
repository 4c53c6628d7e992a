{% test row_count(model, equals) %}
    select count(*) as row_count
    from {{ model }}
    having count(*) != {{ equals }}
{% endtest %}
