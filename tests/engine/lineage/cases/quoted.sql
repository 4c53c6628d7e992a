-- "Order Lines"("Line Id" int, "select" int)
select "Line Id", l."select" as "From", "Line Id" + 1 as next from "Order Lines" as l
