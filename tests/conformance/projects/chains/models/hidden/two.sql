with one as (select * from {{ ref('one') }}), more as (select id + 1 as id, name from one)
select * from more
