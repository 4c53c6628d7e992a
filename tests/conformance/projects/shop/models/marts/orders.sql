select
    o.order_id,
    o.customer_id,
    o.ordered_at,
    o.status,
    o.amount,
    o.paid,
    {%- for method in ['card', 'transfer', 'voucher'] %}
    sum(case when p.method = '{{ method }}' then p.amount else 0 end) as {{ method }}_amount{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref('orders_with_payments') }} as o
left join {{ ref('stg_payments') }} as p on p.order_id = o.order_id
group by 1, 2, 3, 4, 5, 6
