select harbour, {{ dbt.safe_cast('passengers', dbt.type_string()) }} as passengers
from {{ ref('by_harbour') }} where passengers > 30
