-- depends on: {{ ref('screws') }} {{ ref('screws') }} {{ source('shelf', 'stock') }}
-- depends on: {{ source('shelf', 'stock') }}
select 1 as one
