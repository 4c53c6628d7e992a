{{ config(materialized='incremental', unique_key='n') }}
select n from {{ ref('Mixed') }} -- {{ ref('own').include(database=false) }} {{ ref('own').quote(identifier=true) }}
