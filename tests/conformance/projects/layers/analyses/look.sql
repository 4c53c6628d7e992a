{{ config(tags=['an']) }} select * from {{ ref('one') }}
