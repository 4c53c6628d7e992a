select n, n + 1 as m from {{ ref('root') }} -- {{ target.name }}
