"""Column lineage: which columns of which tables each column of a model is made of, read from compiled SQL."""
