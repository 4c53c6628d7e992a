{{ config(
    materialized='table',
    indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['customer']}],
    pre_hook="create table if not exists main.hook_log (what varchar)",
    post_hook=[
      "insert into main.hook_log select 'inside ' || count(*) from {{ this }}",
      {"sql": "insert into main.hook_log values ('after')", "transaction": false}
    ]
) }}
select * from {{ ref('eph') }}
