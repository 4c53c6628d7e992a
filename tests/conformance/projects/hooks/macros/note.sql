{% macro note(what) %}
    insert into {{ target.schema }}.audit values ('{{ what }}', '{{ this.identifier if this else "nobody" }}')
{% endmacro %}

{% macro prune(keep=1, dry_run=false) %}
    {% set sql %}
        drop table if exists {{ target.schema }}.kept;
        create table {{ target.schema }}.kept as
        select * from {{ target.schema }}.audit order by what, who limit {{ keep }}
    {% endset %}
    {% if not dry_run %}{% do run_query(sql) %}{% endif %}
    {{ log('kept ' ~ keep, info=true) }}
{% endmacro %}
