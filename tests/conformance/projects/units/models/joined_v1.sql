select p.id, o.kind from {{ ref('items') }} as p join {{ source('outside', 'kinds') }} as o using (id)
