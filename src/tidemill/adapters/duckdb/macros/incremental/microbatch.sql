{# One batch of a microbatch model: its period is emptied and filled again. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) %}
  {% set event_time = config.get('event_time') %}
  {% set batch = model.get('batch') or {} %}
  {% if not event_time %}
    {% do exceptions.raise_compiler_error("a microbatch model needs the config 'event_time'") %}
  {% endif %}
  {% if config.get('unique_key') %}
    {% do exceptions.raise_compiler_error(
      "a microbatch model replaces whole periods of its 'event_time' and has no use for 'unique_key': "
      ~ "remove it, or use incremental_strategy='merge'"
    ) %}
  {% endif %}
  {% if not (batch.get('event_time_start') and batch.get('event_time_end')) %}
    {% do exceptions.raise_compiler_error('a microbatch model was run without the start and end of a batch') %}
  {% endif %}
  {% set period %}
    {{- event_time }} >= '{{ batch.get('event_time_start') }}' and {{ event_time }} < '{{ batch.get('event_time_end') }}'
  {%- endset %}
  {% set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) %}
  {% set build %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ period }}
    {%- for predicate in duckdb__text_list(arg_dict.get('incremental_predicates'), 'incremental_predicates') %}
      and ({{ predicate }})
    {%- endfor %};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }}
    where {{ period }};
  {% endset %}
  {{ return(build) }}
{% endmacro %}
