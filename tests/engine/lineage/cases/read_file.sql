select id, amount + 1 as more from read_csv('raw/orders.csv')
