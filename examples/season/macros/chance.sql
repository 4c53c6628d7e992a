{#- Chance without luck, as the docs block `draw` describes it. -#}

{% macro draw(scenario, event) -%}
    {#- An integer in 0 .. 2^32 - 1. With up to a million scenarios no step leaves 64 bits. -#}
    {%- set key = '((' ~ scenario ~ ')::bigint * 4096 + ' ~ event ~ ')' -%}
    {{ mix_bits('xor(' ~ mix_bits(key) ~ ', ' ~ seed_bits() ~ ')') }}
{%- endmacro %}

{% macro seed_bits() -%}
    {#- The seed, spread over 32 bits so that neighbouring seeds have nothing in common. -#}
    {{ var('random_seed') | int * 2654435761 % 4294967296 }}
{%- endmacro %}

{% macro mix_bits(number) -%}
    ((xor({{ number }}, {{ number }} >> 16) * 73244475) & 4294967295)
{%- endmacro %}

{% macro threshold(probability) -%}
    {#- What a draw must stay below for an event of this probability to happen. -#}
    floor(({{ probability }}) * 4294967296)::bigint
{%- endmacro %}

{% macro win_probability(rating, opponent_rating) -%}
    {#- Elo: the probability that a team beats its opponent. -#}
    (1.0 / (1.0 + pow(10.0, (({{ opponent_rating }}) - ({{ rating }})) / 400.0)))
{%- endmacro %}
