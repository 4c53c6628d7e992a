select n, n * 2 as twice from generate_series(1, 10) as t(n)
