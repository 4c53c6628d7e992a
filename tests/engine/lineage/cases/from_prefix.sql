-- orders(id int, amount int)
from o: orders select total: sum(o.amount), o.id group by all limit 10 percent
