{# Applies a snapshot's changes: rows that ended get their end, then the new ones come in. #}
{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) %}
  {%- set names = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set valid_to = 'old_row.' ~ names.dbt_valid_to -%}
  {%- set open_end = config.get('dbt_valid_to_current') -%}

  update {{ target.render() }} as old_row
  set {{ names.dbt_valid_to }} = change.{{ names.dbt_valid_to }}
  from {{ source }} as change
  where change.{{ names.dbt_scd_id }}::text = old_row.{{ names.dbt_scd_id }}::text
    and change.dbt_change_type in ('update', 'delete')
    and ({{ valid_to }} is null{% if open_end %} or {{ valid_to }} = {{ open_end }}{% endif %});

  insert into {{ target.render() }} ({{ insert_cols | join(', ') }})
  select {% for column in insert_cols %}change.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
  from {{ source }} as change
  where change.dbt_change_type = 'insert';
{% endmacro %}


{% macro duckdb__post_snapshot(staging_relation) %}
  {% do adapter.drop_relation(staging_relation) %}
{% endmacro %}
