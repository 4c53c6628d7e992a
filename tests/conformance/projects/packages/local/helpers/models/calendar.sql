{{ config(alias='days') }}
select n, '{{ helpers.whoami() }}' as made_by, '{{ var("helpers_unit") }}' as unit
from ({{ helpers.numbers(var('helpers_rows')) }}) as t
