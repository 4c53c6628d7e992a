{{ config(materialized='table', pre_hook="insert into {{ target.schema }}.audit values ('own before', '{{ this.name }}')") }}
select name, code from {{ ref('colours') }}
