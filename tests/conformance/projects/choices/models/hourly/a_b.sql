select a.l from {{ ref('a') }} as a join {{ ref('b') }} as b using (l)
