{{ config(materialized='view') }} select n * 2 as n from {{ ref('counted') }}
