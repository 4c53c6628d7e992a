-- events(payload variant, at timestamp, ...)
select payload:user.name::string as name, dateadd(day, 1, at) as next_day, datediff('hour', at, current_timestamp()) as age,
 f.value:id::int as item from events, lateral flatten(input => payload:items) f
