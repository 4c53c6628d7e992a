{% test sums_to(model, column_name, total, within=0, group_by=none) %}
    select
        {% if group_by %}{{ group_by }},{% endif %}
        sum({{ column_name }}) as total
    from {{ model }}
    {% if group_by %}group by {{ group_by }}{% endif %}
    having abs(sum({{ column_name }}) - {{ total }}) > {{ within }}
{% endtest %}
