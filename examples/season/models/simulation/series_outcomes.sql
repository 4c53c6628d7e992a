with sevens as (

    select number::utinyint as games_won
    from range(128) as sevens (number)

),

finished as (

    -- After `games` games: how many the high team won of them.
    select
        sevens.games_won,
        lengths.games,
        bit_count(sevens.games_won & ((1 << lengths.games) - 1)::utinyint) as high_wins
    from sevens
    cross join range(4, 8) as lengths (games)

)

select
    games_won,
    bit_count(games_won) >= 4 as high_team_won,
    min(games)::smallint as games_played
from finished
where high_wins = 4 or games - high_wins = 4
group by games_won
