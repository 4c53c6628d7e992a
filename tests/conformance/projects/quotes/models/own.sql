select '{{ source("quoted", "words") }}' as quoted, '{{ source("half", "words") }}' as half, n from {{ ref('Mixed') }}
