select "Order Id" as order_id, "select", "group" from {{ ref('order') }}
