{{ config(materialized='ephemeral') }}
select id, upper(name) as name, updated_at from {{ ref('people') }}
