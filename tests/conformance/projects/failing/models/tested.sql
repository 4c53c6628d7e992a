select n from {{ ref('fine') }}
