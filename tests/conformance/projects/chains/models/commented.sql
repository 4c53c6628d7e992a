/* with a comment */
-- and another
with
one as (
  select 'with' as word
)
select word, (select count(*) from {{ ref('two') }}) as n from one
