pivot sales on region using sum(amount)
