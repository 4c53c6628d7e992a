{{ config(materialized='table', post_hook="insert into {{ target.schema }}.audit select name, 'hook of ' || '{{ this.name }}' from {{ ref('third') }}") }}
select 1 as one
