-- An order without an amount is a mistake in the source. The rows that come back fail the test.
select order_id, amount
from {{ ref('stg_orders') }}
where amount <= 0
