select 1 as id, 2 as ship_id, 'x' as "Berth No", '{{ var("lane") }}' as lane
