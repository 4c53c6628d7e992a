with contenders as (

    select
        scenario,
        conference_number,
        max(team_number) filter (where conference_rank = 7) as seventh,
        max(team_number) filter (where conference_rank = 8) as eighth,
        max(team_number) filter (where conference_rank = 9) as ninth,
        max(team_number) filter (where conference_rank = 10) as tenth
    from {{ ref('standings') }}
    where conference_rank between 7 and 10
    group by scenario, conference_number

),

opening_games as (

    select
        contenders.*,
        {{ draw('scenario', '2101 + 10 * conference_number') }} < upper_odds.home_threshold as seventh_won,
        {{ draw('scenario', '2102 + 10 * conference_number') }} < lower_odds.home_threshold as ninth_won
    from contenders
    inner join {{ ref('matchup_odds') }} as upper_odds
        on contenders.seventh = upper_odds.team_number
        and contenders.eighth = upper_odds.opponent_number
    inner join {{ ref('matchup_odds') }} as lower_odds
        on contenders.ninth = lower_odds.team_number
        and contenders.tenth = lower_odds.opponent_number

),

last_game as (

    select
        scenario,
        conference_number,
        case when seventh_won then seventh else eighth end as seventh_seed,
        case when seventh_won then eighth else seventh end as home_number,
        case when ninth_won then ninth else tenth end as road_number
    from opening_games

)

select
    last_game.scenario,
    last_game.conference_number,
    last_game.seventh_seed as seventh_seed_number,
    case
        when {{ draw('scenario', '2103 + 10 * conference_number') }} < odds.home_threshold
            then last_game.home_number
        else last_game.road_number
    end as eighth_seed_number
from last_game
inner join {{ ref('matchup_odds') }} as odds
    on last_game.home_number = odds.team_number
    and last_game.road_number = odds.opponent_number
