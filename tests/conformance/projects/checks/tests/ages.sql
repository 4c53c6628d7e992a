{{ config(severity='warn', tags=['ages'], warn_if='>1', meta={'why': 'plausible'}) }}
select * from {{ ref('people') }} where age > 80
