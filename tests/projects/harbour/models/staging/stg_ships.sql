{{ config(tags='file', grants={'+select': 'auditor'}, meta={'file': true}) }}
select id, name from {{ source('registry', 'ships') }}
