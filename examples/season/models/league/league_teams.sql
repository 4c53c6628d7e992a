with numbered as (

    select
        team,
        city,
        conference,
        division,
        (dense_rank() over (order by conference) - 1)::smallint as conference_number,
        (dense_rank() over (partition by conference order by division) - 1)::smallint as division_number,
        (row_number() over (partition by conference, division order by team) - 1)::smallint as division_slot
    from {{ ref('teams') }}

)

select
    (15 * numbered.conference_number + 5 * numbered.division_number + numbered.division_slot)::smallint
        as team_number,
    numbered.team,
    numbered.city,
    numbered.conference,
    numbered.division,
    numbered.conference_number,
    numbered.division_number,
    numbered.division_slot,
    ratings.rating
from numbered
inner join {{ ref('ratings') }} as ratings on numbered.team = ratings.team
