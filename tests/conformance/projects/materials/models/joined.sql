{{ config(materialized='incremental', incremental_strategy='only_new') }}
select range as n from range({{ 5 if is_incremental() else 3 }})
