{{ config(materialized='table', post_hook="drop table if exists {{ this.schema }}.downstream_log; create table {{ this.schema }}.downstream_log as select count(*) as rows from {{ this }}") }}
select a.event_id, r.user_name, m.points as total
from {{ ref('appended') }} as a
join {{ ref('replaced') }} as r using (event_id)
left join {{ ref('merged') }} as m using (user_name)
