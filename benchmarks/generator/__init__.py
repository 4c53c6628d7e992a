"""Makes dbt projects of any size and one shape: the same size and seed give the same bytes everywhere."""
