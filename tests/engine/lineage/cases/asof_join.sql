-- trades(symbol text, at int, price int)
-- quotes(symbol text, at int, bid int)
select t.symbol, t.price, q.bid from trades t asof left join quotes q on t.symbol = q.symbol and t.at >= q.at
