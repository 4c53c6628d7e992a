-- depends on the seed itself rather than on a source
select id as payment_id, order_id, method, {{ cents_to_money('cents') }} as amount
from {{ ref('raw_payments') }}
