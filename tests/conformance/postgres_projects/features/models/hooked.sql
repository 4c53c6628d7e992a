{{ config(materialized='table', schema='other',
   pre_hook=[{'sql': 'vacuum {{ ref("indexed") }}', 'transaction': false}, "insert into main.audit values ('before')"],
   post_hook=["insert into main.audit select 'rows ' || count(*) from {{ this }}", {'sql': 'vacuum {{ this }}', 'transaction': false}]) }}
select * from {{ ref('indexed') }}
-- depends_on: {{ ref('indexed') }}
