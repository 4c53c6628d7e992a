{{ config(materialized='table', meta={'prefix': 'the'}) }}
select * from {{ ref('first') }}
