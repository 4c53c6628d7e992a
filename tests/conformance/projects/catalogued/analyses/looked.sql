select count(*) as n from {{ ref('numbers') }}
