import datetime


def helper(value):
    return value + 1


def model(dbt, session):
    found = dbt.source("inside", "start")
    dbt.ref("start")
    table = str(dbt.this)
    return session.sql(
        f"select count(*) as rows, {helper(1)} as two, '{dbt.this.identifier}' as name,"
        f" {table.count('.')} as dots, {dbt.is_incremental} as incremental from found"
    )
