{# Tables and views from queries. A contracted table is created by its columns first and filled afterwards,
   since CREATE TABLE AS takes no constraints. #}

{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql') %}
  {%- if language == 'python' -%}
    {{ return(py_write_table(temporary, relation, compiled_code)) }}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error("models in '" ~ language ~ "' cannot be built on DuckDB; write them in sql or python") -%}
  {%- endif -%}
  {%- set contract = config.get('contract') -%}
  {%- set has_contract = contract and contract.enforced -%}
  {%- if has_contract -%}
    {{ get_assert_columns_equivalent(compiled_code) }}
  {%- endif -%}
  {%- set header = config.get('sql_header', none) -%}
  {%- set layout = [] if temporary else duckdb__table_layout(relation) -%}

  {{ header if header is not none }}
  {% if temporary %}
  create temporary table {{ relation.include(database=false, schema=false) }} as (
    {{ compiled_code }}
  );
  {% elif has_contract %}
  create table {{ relation }} {{ get_table_columns_and_constraints() }};
  {{ layout | join('\n') }}
  insert into {{ relation }} ({{ adapter.dispatch('get_column_names', 'dbt')() }}) (
    {{ get_select_subquery(compiled_code) }}
  );
  {% elif layout %}
  create table {{ relation }} as (
    select * from (
      {{ compiled_code }}
    ) as model_subq
    limit 0
  );
  {{ layout | join('\n') }}
  insert into {{ relation }} (
    {{ compiled_code }}
  );
  {% else %}
  create table {{ relation }} as (
    {{ compiled_code }}
  );
  {% endif %}
{% endmacro %}


{% macro duckdb__create_view_as(relation, sql) %}
  {%- set contract = config.get('contract') -%}
  {%- if contract and contract.enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif -%}
  {%- set header = config.get('sql_header', none) -%}

  {{ header if header is not none }}
  create view {{ relation }} as (
    {{ sql }}
  );
{% endmacro %}


{# Statements that lay out a DuckLake table before rows come in. Other tables have no such layout. #}
{% macro duckdb__table_layout(relation) %}
  {% set partitions = duckdb__layout_columns(['partitioned_by', 'partition_by']) %}
  {% set order = duckdb__layout_columns(['sorted_by', 'sort_by']) %}
  {% if (partitions or order) and not adapter.is_ducklake(relation) %}
    {% if adapter.first_time('layout of ' ~ relation) %}
      {% do log('partitioned_by and sorted_by are for DuckLake tables and have no effect on ' ~ relation, info=true) %}
    {% endif %}
    {{ return([]) }}
  {% endif %}
  {% set statements = [] %}
  {% if partitions %}
    {% do statements.append('alter table ' ~ relation ~ ' set partitioned by (' ~ partitions | join(', ') ~ ');') %}
  {% endif %}
  {% if order %}
    {% set names = [] %}
    {% for column in order %}{% do names.append(adapter.quote(column)) %}{% endfor %}
    {% do statements.append('alter table ' ~ relation ~ ' set sorted by (' ~ names | join(', ') ~ ');') %}
  {% endif %}
  {{ return(statements) }}
{% endmacro %}


{# The first of these configs that is set, as a list. #}
{% macro duckdb__layout_columns(names) %}
  {% for name in names %}
    {% set value = config.get(name) %}
    {% if value %}
      {{ return(duckdb__text_list(value, name)) }}
    {% endif %}
  {% endfor %}
  {{ return([]) }}
{% endmacro %}


{# A config that is one text or a list of texts, as a list. #}
{% macro duckdb__text_list(value, name) %}
  {% if value is none %}
    {{ return([]) }}
  {% endif %}
  {% set items = [value] if value is string else value %}
  {% if items is mapping or items is not sequence or items | reject('string') | list %}
    {% do exceptions.raise_compiler_error("'" ~ name ~ "' must be a text or a list of texts, not " ~ value) %}
  {% endif %}
  {{ return(items | list) }}
{% endmacro %}


{# What follows the user's code in a Python model: the function that writes the rows of model(). #}
{% macro py_write_table(temporary, relation, compiled_code) -%}
{%- set table = ('temporary table ' ~ relation.include(database=false, schema=false)) if temporary else ('table ' ~ relation) -%}
{%- set layout = [] if temporary else duckdb__table_layout(relation) -%}
{{ compiled_code }}

def materialize(df, con):
    name = {{ ('__dbt_rows_' ~ relation.identifier) | tojson }}
    con.register(name, df)
    {% if layout -%}
    con.execute({{ ('create ' ~ table ~ ' as select * from ') | tojson }} + f'"{name}" limit 0')
    {% for statement in layout -%}
    con.execute({{ statement | tojson }})
    {% endfor -%}
    con.execute({{ ('insert into ' ~ relation ~ ' select * from ') | tojson }} + f'"{name}"')
    {% else -%}
    con.execute({{ ('create ' ~ table ~ ' as select * from ') | tojson }} + f'"{name}"')
    {% endif -%}
    con.unregister(name)

materialize.temporary = {{ 'True' if temporary else 'False' }}
{%- endmacro %}
