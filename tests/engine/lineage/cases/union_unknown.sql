-- north(...)
-- south(...)
with both_sides as (select * from north union all select * from south) select id, amount as total from both_sides
