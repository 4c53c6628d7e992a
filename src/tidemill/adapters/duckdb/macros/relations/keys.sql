{# Rebuilding tables that foreign keys join. DuckDB neither renames nor drops a table that a foreign key points
   at, and a table with a foreign key must be created under its final name: the table it points at remembers
   that name, and does not follow a rename. #}

{# The key constraints that this model declares or its table has. Models that foreign keys join take turns; the
   turn ends with the connection's transaction or with the connection, so one must be open before. #}
{% macro duckdb__claimed_keys(existing) %}
  {% if adapter.key_constraints(model, existing) %}
    {% call statement('open_connection', auto_begin=false) %}commit{% endcall %}
    {% do adapter.claim_foreign_keys(model) %}
  {% endif %}
  {{ return(adapter.key_constraints(model, existing)) }}
{% endmacro %}


{# Drop what is there so that it can be created anew under the same name, in one transaction: a build that
   fails leaves the old one. Returns what was dropped because it points at the relation. #}
{% macro duckdb__drop_for_rebuild(existing, keys) %}
  {% if existing is none %}
    {{ return([]) }}
  {% endif %}
  {% do duckdb__ensure_transaction() %}
  {% set dropped = duckdb__drop_dependents(existing, keys) if existing.is_table else [] %}
  {% do adapter.drop_relation(existing) %}
  {{ return(dropped) }}
{% endmacro %}


{# Let a relation that was built under another name take the name of the old one, whose indexes go with it. #}
{% macro duckdb__take_place(built, existing, target, keys) %}
  {% set dropped = duckdb__drop_for_rebuild(existing, keys) %}
  {% do adapter.rename_relation(built, target) %}
  {{ return(dropped) }}
{% endmacro %}


{# Nothing happens when one is open. Works where the profile disables transactions, too. #}
{% macro duckdb__ensure_transaction() %}
  {% call statement('begin', auto_begin=false) %}begin{% endcall %}
{% endmacro %}


{# Drop the tables whose foreign keys point at `relation`, and keep their rows under other names. #}
{% macro duckdb__drop_dependents(relation, keys) %}
  {% if 'primary_key' not in keys and 'unique' not in keys %}
    {{ return([]) }}
  {% endif %}
  {% set dependents = adapter.foreign_key_dependents(relation) %}
  {% do duckdb__require_rebuilt(relation, dependents) %}
  {% set dropped = [] %}
  {% for dependent in dependents %}
    {% set table = relation.incorporate(path={'identifier': dependent.table}, type='table') %}
    {% set kept = relation.incorporate(path={'identifier': dependent.table ~ '__dbt_fk_backup'}, type='table') %}
    {% do adapter.drop_relation(kept) %}
    {% call statement('keep_dependent') %}
      create table {{ kept }} as select * from {{ table }}
    {% endcall %}
    {% do log('Dropping ' ~ table ~ ', whose foreign key points at ' ~ relation ~ '; this run rebuilds it', info=true) %}
    {% do adapter.drop_relation(table) %}
    {% do dropped.append({'table': table, 'kept': kept}) %}
  {% endfor %}
  {{ return(dropped) }}
{% endmacro %}


{# Until their own models run, dependents are there with their rows and without their keys. #}
{% macro duckdb__restore_dependents(dropped) %}
  {% for item in dropped | reverse %}
    {% do adapter.rename_relation(item.kept, item.table) %}
  {% endfor %}
{% endmacro %}


{# Only tables that this run builds from nothing, and after this model, may be dropped: no rows are lost. #}
{% macro duckdb__require_rebuilt(relation, dependents) %}
  {% set nodes = {} %}
  {% for node in graph.nodes.values() if node.resource_type == 'model' %}
    {% if (node.database or '') | lower == (relation.database or '') | lower
        and node.schema | lower == relation.schema | lower %}
      {% do nodes.update({(node.alias or node.name) | lower: node}) %}
    {% endif %}
  {% endfor %}
  {% do nodes.update({relation.identifier | lower: model}) %}
  {% set problems = [] %}
  {% for dependent in dependents %}
    {% set why = duckdb__why_not_rebuilt(nodes.get(dependent.table | lower), dependent, nodes) %}
    {% if why %}
      {% do problems.append(dependent.table ~ ' (' ~ why ~ ')') %}
    {% endif %}
  {% endfor %}
  {% if problems %}
    {% do exceptions.raise_compiler_error(
      relation ~ ' cannot be replaced: foreign keys of other tables point at it, and DuckDB does not let go of '
      ~ 'such a table. They could be dropped first if this run rebuilt them, but it does not: '
      ~ problems | join('; ')
    ) %}
  {% endif %}
{% endmacro %}


{% macro duckdb__why_not_rebuilt(node, dependent, nodes) %}
  {% if node is none %}
    {{ return('no model of this project builds it') }}
  {% endif %}
  {% if node.unique_id not in selected_resources %}
    {{ return('model ' ~ node.name ~ ' is not selected') }}
  {% endif %}
  {% set parents = [] %}
  {% for referenced in dependent.references if referenced | lower in nodes %}
    {% do parents.append(nodes[referenced | lower].unique_id) %}
  {% endfor %}
  {% if not parents | select('in', node.depends_on.nodes) | list %}
    {{ return('model ' ~ node.name ~ ' does not ref() what its foreign key points at; write the constraint with `to: ref(...)`') }}
  {% endif %}
  {% set asked = node.config.full_refresh %}
  {% set full_refresh = flags.FULL_REFRESH if asked is none else asked %}
  {% if node.config.materialized == 'table' or (node.config.materialized == 'incremental' and full_refresh) %}
    {{ return(none) }}
  {% endif %}
  {{ return('model ' ~ node.name ~ ' is ' ~ node.config.materialized ~ ' and would lose its rows; run with --full-refresh') }}
{% endmacro %}
