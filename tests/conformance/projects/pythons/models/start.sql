select n, n % 2 = 0 as even from range(5) as t(n)
