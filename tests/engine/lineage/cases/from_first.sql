-- orders(id int, amount int)
from orders select id, amount + 1 as more where amount > 1
