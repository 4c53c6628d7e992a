select n, {{ function('doubled') }}(n) as twice, {{ function('functions', 'area') }}(n, 2) as area
from range(1, 4) as t(n)
