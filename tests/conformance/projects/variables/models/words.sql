{#- A comment that leaves nothing behind -#}
{% set words = ['tide', env_var('CONFORMANCE_WORD'), var('absent', 'default')] %}
{% do words.append('x' ~ env_var('CONFORMANCE_NUMBER') | int) %}
{% set ns = namespace(total=0) %}
{% for word in words %}{% set ns.total = ns.total + word | length %}{% endfor %}
select
    {{ words | map('upper') | join("' as w, '") | string | length }} as joined_length,
    {{ ns.total }} as letters,
    '{{ "it's" | replace("'", "''") }}' as quoted,
    '{{ var("nested")["a"][1] }}{{ var("nested").b }}' as nested,
    {{ 'true' if var('flag') else 'false' }} as flag,
    {{ 1 if var('nothing', 5) is none else 0 }} as nothing,
    '{{ tojson({"b": 1, "a": [true, none]}) }}' as json,
    '{{ fromjson('{"k": "v"}').k }}' as from_json,
    '{{ toyaml({"a": 1}) | trim }}' as yaml,
    '{{ fromyaml("k: 3").k }}' as from_yaml,
    '{{ local_md5("tide") }}' as md5,
    '{{ modules.datetime.date(2024, 2, 28) + modules.datetime.timedelta(days=2) }}' as a_date,
    '{{ modules.re.sub("[aeiou]", "-", "tidemill") }}' as vowels,
    '{{ zip([1, 2], [3, 4]) | list }}' as zipped,
    '{{ set([1, 1]) | length }}' as set_size,
    '{{ modules.itertools.chain([1], [2]) | list }}' as chained,
    '{{ "%05.2f" | format(3.14159) }}' as formatted,
    '{{ "a,b" .split(",") | last }}' as split,
    {% raw %}'{{ raw }}'{% endraw %} as raw_braces,
    '{{ ["b", "a"] | sort | first }}' as first_sorted,
    {{ {"x": 1}.items() | list | length }} as items,
    '{{ this.name }}' as me,
    '{{ execute }}' as at_run
{%- if target.name == 'prod' %} , 1 as production {% endif %}
