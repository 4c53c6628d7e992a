{# Tables, views and materialised views: making, replacing, renaming, dropping. #}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set checked = config.get('contract').enforced -%}
  {%- set kind = 'temporary ' if temporary else ('unlogged ' if config.get('unlogged', default=false) else '') -%}
  {{ config.get('sql_header', none) or '' }}
  create {{ kind }}table {{ relation }}
  {%- if checked %}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  {%- if checked and not temporary %}
    {#- Constraints need the columns first, so the rows come in a statement of their own. #}
    {{ get_table_columns_and_constraints() }};
  insert into {{ relation }} ({{ adapter.dispatch('get_column_names', 'dbt')() }})
  (
    {{ get_select_subquery(sql) }}
  );
  {%- else %}
  as (
    {{ sql }}
  );
  {%- endif %}
{%- endmacro %}


{% macro postgres__get_replace_table_sql(relation, sql) -%}
  {%- set checked = config.get('contract').enforced -%}
  {{ config.get('sql_header', none) or '' }}
  create or replace table {{ relation }}
  {%- if checked %}
    {{ get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
  {%- endif %}
  as (
    {{ get_select_subquery(sql) if checked else sql }}
  );
{%- endmacro %}


{% macro postgres__get_replace_view_sql(relation, sql) -%}
  {{ config.get('sql_header', none) or '' }}
  create or replace view {{ relation }}
  {%- if config.get('contract').enforced %}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  as (
    {{ sql }}
  );
{%- endmacro %}


{% macro postgres__get_rename_table_sql(relation, new_name) %}
  alter table {{ relation }} rename to {{ new_name }}
{% endmacro %}


{% macro postgres__get_rename_view_sql(relation, new_name) %}
  alter view {{ relation }} rename to {{ new_name }}
{% endmacro %}


{% macro postgres__get_rename_materialized_view_sql(relation, new_name) %}
  alter materialized view {{ relation }} rename to {{ new_name }}
{% endmacro %}


{% macro postgres__drop_table(relation) -%}
  drop table if exists {{ relation }} cascade
{%- endmacro %}


{% macro postgres__drop_view(relation) -%}
  drop view if exists {{ relation }} cascade
{%- endmacro %}


{% macro postgres__drop_materialized_view(relation) -%}
  drop materialized view if exists {{ relation }} cascade
{%- endmacro %}
