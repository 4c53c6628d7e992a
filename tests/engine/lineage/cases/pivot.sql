-- sales(year int, region text, amount int)
select * from sales pivot (sum(amount) for region in ('north', 'south'))
