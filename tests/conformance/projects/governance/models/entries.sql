{{ config(tags=['nightly']) }}
select entry, account, cast(amount as decimal(10, 2)) as amount, cast(booked_on as date) as booked_on
from {{ ref('ledger') }}
