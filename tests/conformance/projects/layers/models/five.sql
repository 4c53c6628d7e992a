{{ config(enabled=var('kind') == 'view') }}
select 5 as n from {{ ref('six') }}
