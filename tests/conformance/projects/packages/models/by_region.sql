{% set regions = var('regions', []) or helpers.values_of(ref('sales'), 'region') %}
select
    item,
    {{ helpers.in_units('sum(amount)') }} as amount
    {{ pivot(ref('sales'), 'region', regions) }}
from {{ ref('sales') }}
group by item
