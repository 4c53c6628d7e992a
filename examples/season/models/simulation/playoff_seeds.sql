select
    scenario,
    conference_number,
    conference_rank as playoff_seed,
    team_number
from {{ ref('standings') }}
where conference_rank <= 6
{% for seed, column in [(7, 'seventh_seed_number'), (8, 'eighth_seed_number')] %}
union all

select
    scenario,
    conference_number,
    {{ seed }} as playoff_seed,
    {{ column }} as team_number
from {{ ref('play_in') }}
{% endfor %}
