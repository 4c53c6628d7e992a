{% test picky(model, column_name, allowed=['a'], compare_to=none) %}
    {{ config(severity='warn', fail_calc='coalesce(sum(n), 0)', warn_if='>= 1', error_if='> 100') }}
    select {{ column_name }} as value, count(*) as n
    from {{ model }}
    where {{ column_name }} not in ({% for a in allowed %}'{{ a }}'{{ ', ' if not loop.last }}{% endfor %})
    {% if compare_to %} and {{ column_name }} not in (select {{ column_name }} from {{ compare_to }}) {% endif %}
    group by 1
{% endtest %}

{% test whole_table(model, minimum) %}
    select count(*) as n from {{ model }} having count(*) < {{ minimum }}
{% endtest %}

{% test not_null(model, column_name) %}
    {# Takes the place of the built-in test. #}
    select {{ column_name }} from {{ model }} where {{ column_name }} is null
{% endtest %}
