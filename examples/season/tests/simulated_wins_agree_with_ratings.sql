{#-
  The mean of the simulated wins must be near the sum of the odds. Wins of one season vary by at most sqrt(82) / 2,
  so the mean of n seasons by that over sqrt(n): five of these are never reached by chance.
-#}
select team, expected_wins, mean_wins
from {{ ref('team_outlook') }}
where abs(mean_wins - expected_wins) > 5 * sqrt(82) / 2 / sqrt({{ var('scenarios') }})
