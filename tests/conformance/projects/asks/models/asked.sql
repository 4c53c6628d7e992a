-- depends_on: {{ ref('words') }}
{% set relation = load_relation(ref('words')) %}
{% set columns = adapter.get_columns_in_relation(ref('words')) if execute else [] %}
{% if execute %}
select
  {% for column in columns %}'{{ column.name }}:{{ column.data_type }}:{{ column.is_string() }}:{{ column.is_number() }}:{{ column.quoted }}' as c{{ loop.index }},{% endfor %}
  '{{ relation.type }}' as type, {{ relation.is_table }} as is_table, '{{ relation.without_identifier() }}' as place,
  '{{ of_graph() | join(' ') }}' as graph, '{{ model.unique_id }}' as me, '{{ model.config.materialized }}' as made,
  '{{ adapter.get_relation(this.database, this.schema, 'nothing') is none }}' as missing,
  '{{ adapter.check_schema_exists(this.database, this.schema) }}' as has_schema,
  '{{ (context.keys() | list | length) > 50 }}' as names, '{{ builtins.ref('words').identifier }}' as built_in,
  '{{ selected_resources | length > 0 }}' as selected, '{{ invocation_args_dict.which in ['run', 'build'] }}' as which,
  '{{ flags.FULL_REFRESH }}/{{ flags.WHICH in ['run', 'build'] }}/{{ flags.STORE_FAILURES }}' as flags,
  '{{ dbt_metadata_envs }}' as envs, '{{ graph.keys() | list | sort | join(' ') }}' as keys
{% else %}
select 1 as one
{% endif %}
