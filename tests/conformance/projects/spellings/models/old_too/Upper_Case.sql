{{ config(alias="dotted", materialized = "table", tags = ["c"]) }}

select * from {{ ref('spellings', 'plain') }}
