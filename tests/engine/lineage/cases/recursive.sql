-- people(id int, boss_id int, name text)
with recursive chain as (
    select id, name, 0 as depth from people where boss_id is null
    union all
    select p.id, p.name, c.depth + 1 from people p join chain c on p.boss_id = c.id
)
select name, depth from chain
