{{ config(materialized='table', tags=['some']) }}
select 1 as id, 'x' as "Mixed Case", 1.5::decimal(10, 2) as amount, [1, 2] as list, {'a': 1} as record, now() as at
