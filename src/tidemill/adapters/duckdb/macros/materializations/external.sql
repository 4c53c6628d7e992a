{# A model whose rows live in files (Parquet, CSV or JSON), behind a view that reads them. #}
{% materialization external, adapter='duckdb', supported_languages=['sql'] %}
  {% do duckdb__refuse_plugins() %}
  {% set options = render_write_options(config) %}
  {% set location = render(config.get('location') or external_location(this, config)) %}
  {% set copy_options = adapter.external_write_options(location, options) %}
  {% set format = duckdb__external_format(options) %}
  {% set grant_config = config.get('grants') %}

  {% set existing = load_cached_relation(this) %}
  {% set target = this.incorporate(type='view') %}
  {% set rows = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') %}
  {% set staged = make_intermediate_relation(target, suffix='__dbt_int') %}
  {% set retired = make_backup_relation(target, 'table' if existing is none else existing.type) %}
  {# Left over from a run that was killed. #}
  {% for leftover in [staged, rows, retired] %}
    {% do drop_relation_if_exists(load_cached_relation(leftover)) %}
  {% endfor %}

  {{ run_hooks(pre_hooks, inside_transaction=false) }}
  {{ run_hooks(pre_hooks, inside_transaction=true) }}

  {% call statement('create_rows') %}
    {{ create_table_as(false, rows, compiled_code) }}
  {% endcall %}
  {% set is_empty = run_query('select 1 from ' ~ rows ~ ' limit 1').rows | length == 0 %}
  {% if is_empty %}
    {# So that a file is written even so, whoever else reads it. The view leaves the row out. #}
    {% do run_query('insert into ' ~ rows ~ ' by name select null as ' ~ adapter.get_columns_in_relation(rows)[0].quoted) %}
  {% endif %}
  {% do write_to_file(rows, location, copy_options) %}

  {% call statement('main') %}
    create or replace view {{ staged }} as (
      select * from read_{{ format }}('{{ adapter.escape_sql_string(adapter.external_read_location(location, options)) }}'
        {{- duckdb__external_read_options(format, options) }})
      {%- if is_empty %} where false{% endif %}
    );
  {% endcall %}

  {% if existing is not none %}
    {% do adapter.rename_relation(existing, retired) %}
  {% endif %}
  {% do adapter.rename_relation(staged, target) %}

  {{ run_hooks(post_hooks, inside_transaction=true) }}

  {% do apply_grants(target, grant_config, should_revoke=should_revoke(existing, full_refresh_mode=true)) %}
  {% do persist_docs(target, model) %}

  {% do adapter.commit() %}

  {% if existing is not none %}
    {% do drop_relation_if_exists(retired) %}
  {% endif %}
  {% do drop_relation_if_exists(rows) %}

  {{ run_hooks(post_hooks, inside_transaction=false) }}

  {{ return({'relations': [target]}) }}
{% endmaterialization %}


{% macro duckdb__refuse_plugins() %}
  {% if config.get('plugin') or config.get('glue_register') %}
    {% do exceptions.raise_compiler_error(
      "the configs 'plugin' and 'glue_register' hand files to dbt-duckdb's plugins, which are not supported"
    ) %}
  {% endif %}
{% endmacro %}


{% macro duckdb__external_format(options) %}
  {% set known = ['csv', 'parquet', 'json'] %}
  {% set asked = config.get('format') %}
  {% if asked and asked not in known %}
    {% do exceptions.raise_compiler_error("the format '" ~ asked ~ "' is not one of " ~ known | join(', ')) %}
  {% endif %}
  {% set format = asked or options['format'] | lower %}
  {{ return(format if format in known else 'parquet') }}
{% endmacro %}


{# Options of read_csv and its like, as further arguments. #}
{% macro duckdb__external_read_options(format, written_with) %}
  {%- set defaults = {'parquet': {'union_by_name': false}, 'json': {'auto_detect': true}, 'csv': {'auto_detect': true}} -%}
  {%- set read = dict(config.get(format ~ '_read_options') or defaults[format]) -%}
  {%- if format != 'parquet' and written_with.get('compression') -%}
    {%- do read.setdefault('compression', written_with['compression']) -%}
  {%- endif -%}
  {%- for name, value in read.items() -%}
    , {{ name }}={{ "'" ~ adapter.escape_sql_string(value) ~ "'" if value is string else value }}
  {%- endfor -%}
{% endmacro %}


{# Where a model's files go unless it says so: <external_root>/<name>.<format>, or a folder of partitions. #}
{% macro external_location(relation, config) -%}
  {%- set is_folder = (config.get('options') or {}).get('partition_by') is not none -%}
  {{- adapter.external_root() }}/{{ relation.identifier }}{{ '' if is_folder else '.' ~ config.get('format', 'parquet') }}
{%- endmacro %}


{% macro location_exists(location) %}
  {{ return(adapter.location_exists(location)) }}
{% endmacro %}


{% macro write_to_file(relation, location, options) %}
  {% call statement('write_to_file') %}
    copy {{ relation }} to '{{ adapter.escape_sql_string(adapter.external_location(location)) }}' ({{ options }})
  {% endcall %}
{% endmacro %}


{# The options of COPY: the config `options`, each rendered, and the older configs beside it. #}
{% macro render_write_options(config) %}
  {% set given = config.get('options') or {} %}
  {% if given is not mapping %}
    {% do exceptions.raise_compiler_error("the config 'options' must be a mapping, not " ~ given) %}
  {% endif %}
  {% set options = {} %}
  {% for name, value in given.items() %}
    {% do options.update({name: render(value ~ '')}) %}
  {% endfor %}
  {% for name in ['format', 'delimiter'] if config.get(name) %}
    {% do options.update({name: render(config.get(name) ~ '')}) %}
  {% endfor %}
  {{ return(options) }}
{% endmacro %}


{# For on-run-start on an empty database: views on the files of external models that this run reads and does
   not build. #}
{% macro register_upstream_external_models() %}
  {% if not execute %}
    {{ return('') }}
  {% endif %}
  {% set wanted = {} %}
  {% for id in selected_resources if id in graph['nodes'] %}
    {% for parent in graph['nodes'][id]['depends_on']['nodes'] if parent not in selected_resources %}
      {% do wanted.update({parent: graph['nodes'].get(parent)}) %}
    {% endfor %}
  {% endfor %}
  {% for node in wanted.values() if node and node.resource_type in ['model', 'seed'] and node.config.materialized == 'external' %}
    {% do duckdb__register_external_model(node) %}
  {% endfor %}
  {% do adapter.commit() %}
{% endmacro %}


{% macro duckdb__register_external_model(node) %}
  {% set relation = api.Relation.create(database=node['database'], schema=node['schema'], identifier=node['alias'], type='view') %}
  {% set location = node.config.get('location') or external_location(relation, node.config) %}
  {% set read_location = adapter.external_read_location(location, render_write_options(node.config)) %}
  {% call statement('register_external_model') %}
    create schema if not exists {{ relation.without_identifier() }};
    create or replace view {{ relation }} as (
      select * from '{{ adapter.escape_sql_string(read_location) }}'
    );
  {% endcall %}
{% endmacro %}
