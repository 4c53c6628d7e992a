{{ config(materialized='table') }}
select "select" as n, {{ adapter.quote('Word') }} as word, '{{ this }}' as me from {{ source('plain', 'Words') }}
