{{ config(severity='error', tags=['one'], store_failures=false) }}

select * from {{ ref('plain') }} where n < 0
