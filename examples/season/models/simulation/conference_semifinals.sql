with matchups as (

    {{ next_matchups(ref('first_round')) }}

)

{{ play_series(2, 'matchups') }}
