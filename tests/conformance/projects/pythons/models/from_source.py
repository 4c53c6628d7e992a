import datetime


def helper(value):
    return value + 1


def model(dbt, session):
    dbt.ref("start")
    rows = dbt.source("inside", "start").aggregate("count(*)").fetchall()[0][0]
    table = str(dbt.this)
    day = datetime.date(2024, 1, 2)
    return session.sql(
        f"select {rows} as rows, {helper(1)} as two, '{dbt.this.identifier}' as name,"
        f" {table.count('.')} as dots, {dbt.is_incremental} as incremental, date '{day}' as day"
    )
