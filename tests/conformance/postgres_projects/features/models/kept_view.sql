{{ config(materialized='materialized_view', on_configuration_change='apply',
   indexes=[{'columns': ['id'], 'unique': var('day') == 1}] + ([{'columns': ['name']}] if var('day') == 2 else [])) }}
select id, name from {{ ref('indexed') }}
