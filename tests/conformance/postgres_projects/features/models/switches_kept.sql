{{ config(materialized='materialized_view' if var('day') == 1 else 'table') }}
select 1 as one
