select c.n, u.unit, u.factor, {{ overridden() }} as who, {{ helpers.overridden() }} as whose,
    '{{ var("greeting") }}' as greeting, {{ dbt.current_timestamp() }} as at_a_time
from {{ ref('helpers', 'calendar') }} as c
cross join {{ ref('units') }} as u
