with matchups as (

    {{ next_matchups(ref('conference_finals')) }}

)

{{ play_series(4, 'matchups') }}
