select size, {{ twice('size') }} as doubled, '{{ nested({"a": "x_y"}) }}' as spelled, date '2024-02-01' as day
from {{ ref('stock') }}
