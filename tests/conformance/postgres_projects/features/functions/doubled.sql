select number * 2
