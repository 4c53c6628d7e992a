select scenario, count(*) as champions
from {{ ref('finals') }}
group by scenario
having count(*) != 1

union all

select null, count(distinct scenario)
from {{ ref('finals') }}
having count(distinct scenario) != {{ var('scenarios') }}
