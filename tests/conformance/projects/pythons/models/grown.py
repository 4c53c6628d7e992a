def model(dbt, session):
    dbt.config(materialized="incremental", unique_key="n")
    start = dbt.ref("start")
    if dbt.is_incremental:
        return start.filter("n > 2").project("n + 1 as n, even")
    return start
