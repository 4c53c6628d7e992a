{{ config(materialized='table', alias='other_name') }} select * from {{ source('raw', 'events') }}
