select size from {{ ref('stock') }}
