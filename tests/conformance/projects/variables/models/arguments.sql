{%- set made = kwargs_and_varargs(1, 2, three=3, four=4) -%}
select '{{ made }}' as made,
    {% for k, v in dict(a=1, b=2).items() %}{{ v }} as {{ k }}, {% endfor %}
    '{{ invocation_args_dict.which is defined }}' as has_arguments,
    '{{ flags.WHICH if false else "flag" }}' as flag_name,
    '{{ dbt_version.split(".")[0] }}' as major,
    '{{ run_started_at.strftime("%Y") | int > 2000 }}' as century,
    '{{ model.config.materialized }}' as materialized,
    '{{ config.get("materialized") }}/{{ config.get("absent", default="fallback") }}' as got
