with matchups as (

    {{ next_matchups(ref('conference_semifinals')) }}

)

{{ play_series(3, 'matchups') }}
