def model(dbt, session):
    dbt.config(materialized="table", tags=["py"], threshold=2)
    start = dbt.ref("start")
    above = dbt.config.get("threshold")
    return start.filter(f"n > {above}").project("n, n * 10 as tens")
