-- sales(year int, region text, amount int)
with by_region as (pivot sales on region using sum(amount)), years as (select distinct year from sales)
select years.year, by_region.north from years, by_region
