select
    order_id,
    customer_id,
    ordered_on,
    cast(amount_cents / 100.0 as decimal(12, 2)) as amount,
    status
from {{ ref('raw_orders') }}
