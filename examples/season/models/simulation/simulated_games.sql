select
    scenarios.scenario,
    games.game_id,
    case
        when {{ draw('scenarios.scenario', 'games.game_id') }} < games.home_threshold
            then games.home_team_number
        else games.away_team_number
    end as winner_number
from {{ ref('scenarios') }} as scenarios
cross join {{ ref('schedule') }} as games
