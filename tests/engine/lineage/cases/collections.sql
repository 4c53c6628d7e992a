-- orders(id int, amount int, name text, at int)
with sample as (select *, array[id, amount] as pair, map {'k': name} as kinds from orders)
select pair[1] as first_one, ({'a': amount}).a as field, kinds['k'] as kind, unnest(array[id], recursive := true) as each_id,
    [x + id for x in pair] as moved
from sample where interval 5 hours > interval '1' hour
