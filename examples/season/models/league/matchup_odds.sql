{{ config(materialized='table') }}

{% set advantage = var('home_advantage') %}

with odds as (

    select
        one.team_number,
        two.team_number as opponent_number,
        {{ win_probability('one.rating + ' ~ advantage, 'two.rating') }} as home_win_probability,
        {{ win_probability('one.rating', 'two.rating + ' ~ advantage) }} as road_win_probability
    from {{ ref('league_teams') }} as one
    inner join {{ ref('league_teams') }} as two on one.team_number != two.team_number

)

select
    *,
    {{ threshold('home_win_probability') }} as home_threshold,
    {{ threshold('road_win_probability') }} as road_threshold
from odds
