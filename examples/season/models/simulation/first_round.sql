with matchups as (

    -- 1 against 8, 4 against 5, 3 against 6, 2 against 7: neighbours meet in the next round.
    select
        high.scenario,
        (4 * high.conference_number + case high.playoff_seed when 1 then 1 when 4 then 2 when 3 then 3 else 4 end)::smallint
            as series_number,
        high.team_number as high_team_number,
        low.team_number as low_team_number
    from {{ ref('playoff_seeds') }} as high
    inner join {{ ref('playoff_seeds') }} as low
        on high.scenario = low.scenario
        and high.conference_number = low.conference_number
        and high.playoff_seed + low.playoff_seed = 9
    where high.playoff_seed <= 4

)

{{ play_series(1, 'matchups') }}
