select
    id as customer_id,
    first_name,
    last_name,
    signed_up,
    active
from {{ source('exports', 'customers') }}
