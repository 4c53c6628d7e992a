{{ config(tags='off') }} select 1 as one
