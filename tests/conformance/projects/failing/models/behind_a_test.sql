select n from {{ ref('tested') }}
