select id, clicked_at, page from {{ ref('clicks') }}
