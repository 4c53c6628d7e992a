select i.id, p.price, g.at from {{ ref('inferred') }} as i left join {{ ref('parts') }} as p using (id) left join {{ ref('given') }} as g using (id)
