select id, name from {{ ref('loud') }} limit {{ var('limit') }}
