{#- In which round a meeting is played; the docs block `schedule_rule` says why nobody plays twice in one. -#}

{% macro league_round() -%}
    {#- Circle method for thirty teams: team 29 stands still and meets the one that would have a bye. -#}
    case
        when opponent_number = 29 then 2 * team_number % 29
        else (team_number + opponent_number) % 29
    end
{%- endmacro %}

{% macro fourth_meeting_round() -%}
    {#-
      Rounds 0 to 8: two divisions play each other, three rounds for each two. The third division plays the first
      three rounds of its own round robin meanwhile, and the last two in rounds 9 and 10.
    -#}
    case
        when not is_division then 3 * (division_number + opponent_division_number - 1) + slot_offset - 2
        when slot_sum < 3 then 3 * (2 - division_number) + slot_sum
        else 6 + slot_sum
    end
{%- endmacro %}
