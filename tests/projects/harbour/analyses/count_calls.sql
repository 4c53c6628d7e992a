select count(*) from {{ ref('fct_calls') }}
