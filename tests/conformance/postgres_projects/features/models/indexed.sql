{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['name'], 'type': 'hash'}, {'columns': ['id', 'born']}]) }}
select id, name, born from {{ ref('people') }}
