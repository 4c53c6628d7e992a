{{ config(materialized='view' if var('day') == 1 else 'incremental') }}
select {{ var('day') }} as a
