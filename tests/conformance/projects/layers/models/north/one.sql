{{ config(tags=['file'], meta={'level': 'file', 'extra': [1]}, post_hook={'sql': "select 'file'", 'transaction': false}) }}
{{ config(tags='second', pre_hook=["select 'a'", "select 'b'"]) }}
select '{{ config.get('materialized') }}/{{ config.get('nothing', 'none') }}/{{ config.get('meta').level }}/{{ config.require('schema') }}' as found,
  '{{ var('note') }}' as note, '{{ model.config.tags | sort | join(' ') }}' as tags
