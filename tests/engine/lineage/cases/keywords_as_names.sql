-- events(date date, first int, last int, year int, key text, value text, type text, left_side int)
select date, first, last, year, key, value, type, min(year) over (order by date) as "order", left_side from events
