select n, n + 2 as m from {{ ref('root') }} -- {{ target.name }}
