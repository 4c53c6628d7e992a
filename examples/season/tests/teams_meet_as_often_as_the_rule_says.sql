-- Four times in the division (4 opponents), three or four in the conference (4 and 6), twice elsewhere (15).
with meetings as (

    select
        home_team_number as team_number,
        away_team_number as opponent_number,
        is_division,
        is_conference
    from {{ ref('schedule') }}
    union all
    select away_team_number, home_team_number, is_division, is_conference
    from {{ ref('schedule') }}

),

pairs as (

    select team_number, opponent_number, is_division, is_conference, count(*) as meetings
    from meetings
    group by all

),

opponents as (

    select
        team_number,
        count(*) filter (where is_division and meetings = 4) as division_fours,
        count(*) filter (where is_conference and not is_division and meetings = 4) as conference_fours,
        count(*) filter (where is_conference and not is_division and meetings = 3) as conference_threes,
        count(*) filter (where not is_conference and meetings = 2) as twos,
        count(*) as opponents
    from pairs
    group by team_number

)

select *
from opponents
where (division_fours, conference_fours, conference_threes, twos, opponents) != (4, 6, 4, 15, 29)
