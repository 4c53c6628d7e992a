-- shop.orders(id int64, tags array, placed date)
select id, tag, date_trunc(placed, month) as month, "text" as text, * except (placed) from `shop`.`orders`, unnest(tags) as tag with offset as position
