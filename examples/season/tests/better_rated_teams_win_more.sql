{{ config(severity='warn') }}

select corr(rating, mean_wins) as rating_and_wins, corr(rating, playoffs) as rating_and_playoffs
from {{ ref('team_outlook') }}
having corr(rating, mean_wins) < 0.99 or corr(rating, playoffs) < 0.8
