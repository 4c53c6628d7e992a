select * from {{ ref('three') }} join {{ ref('last') }} using (id)
