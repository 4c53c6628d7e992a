{#- Best-of-seven series and the way from one round of the playoffs to the next. -#}

{% macro play_series(round_number, matchups) -%}
    {#-
      Play one round. `matchups` names a relation with one row per scenario and series: scenario, series_number, and
      high_team_number (which hosts games 1, 2, 5 and 7) and low_team_number. All seven games are drawn and kept as
      the bits of one number; `series_outcomes` knows for each such number who got to four first, and when.
    -#}
    select
        played.scenario,
        {{ round_number }}::smallint as round_number,
        played.series_number,
        played.high_team_number,
        played.low_team_number,
        case when outcomes.high_team_won then played.high_team_number else played.low_team_number end
            as winner_number,
        outcomes.games_played
    from (
        select
            matchups.*,
            (
                {%- for game in range(1, 8) %}
                case
                    when {{ draw('matchups.scenario', '3000 + 10 * matchups.series_number + ' ~ game) }}
                        < odds.{{ 'home' if game in [1, 2, 5, 7] else 'road' }}_threshold
                        then {{ 2 ** (game - 1) }}
                    else 0
                end {{- ' +' if not loop.last }}
                {%- endfor %}
            )::utinyint as games_won
        from {{ matchups }} as matchups
        inner join {{ ref('matchup_odds') }} as odds
            on matchups.high_team_number = odds.team_number
            and matchups.low_team_number = odds.opponent_number
    ) as played
    inner join {{ ref('series_outcomes') }} as outcomes on played.games_won = outcomes.games_won
{%- endmacro %}

{% macro next_matchups(previous_round) -%}
    {#-
      Pair the winners of neighbouring series: those of 9 and 10 meet in 13, and so on. The better record of the
      regular season has the home advantage.
    -#}
    select
        winners.scenario,
        (8 + (winners.series_number + 1) // 2)::smallint as series_number,
        arg_min(winners.winner_number, standings.league_rank) as high_team_number,
        arg_max(winners.winner_number, standings.league_rank) as low_team_number
    from {{ previous_round }} as winners
    inner join {{ ref('standings') }} as standings
        on winners.scenario = standings.scenario
        and winners.winner_number = standings.team_number
    group by all
{%- endmacro %}
