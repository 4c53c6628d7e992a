{% set fixed = modules.datetime.datetime(2024, 1, 2, 3, 4, 5) %}
select '{{ fixed.strftime('%Y%m%d') }}' as day, '{{ (fixed + modules.datetime.timedelta(days=1)).isoformat() }}' as later,
  '{{ modules.re.sub('[aeiou]', '*', 'tidemill') }}' as masked, '{{ modules.itertools.chain([1], [2]) | list }}' as chained,
  '{{ modules.pytz.timezone('Europe/Berlin').localize(fixed).utcoffset() }}' as shift,
  '{{ var('nested').a.b }}/{{ var('list') | join('-') }}/{{ var('absent', 'default') }}/{{ var.has_var('list') }}' as vars,
  '{{ tojson({'b': 1, 'a': [true, none]}, sort_keys=true) }}' as json, '{{ fromjson('{"a": 1}').a }}' as parsed,
  '{{ toyaml({'a': [1]}) | trim | replace('\n', ' ') }}' as yaml, '{{ fromyaml('a: [1, 2]').a | sum }}' as from_yaml,
  '{{ set([1, 1, 2]) | list | length }}' as size, {{ zip([1, 2], [3, 4]) | list | length }} as pairs,
  '{{ local_md5('tide') }}' as hash, '{{ project_name }}/{{ target.name }}/{{ target.schema }}/{{ target.type }}' as about,
  '{{ adapter.type() }}' as adapter, '{{ api.Column.translate_type('text') }}/{{ api.Column('n', 'int').dtype }}' as types,
  '{{ (1, 2) is iterable }}/{{ none is none }}/{{ "a" in "abc" }}/{{ "%05d" | format(7) }}/{{ [3, 1] | sort | first }}' as tests,
  '{{ namespace(a=1).a }}/{{ range(3) | batch(2) | list | length }}/{{ "x" ~ 1 ~ none }}/{{ 7 // 2 }}/{{ 2 ** 3 }}/{{ true and not false }}' as operators
