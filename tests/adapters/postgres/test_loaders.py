"""How Python's values become Postgres'."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from psycopg.adapt import PyFormat

from tidemill.adapters.postgres import loaders


@pytest.mark.parametrize("kind", [Decimal, date, time, datetime, timedelta, UUID])
def test_no_type_is_left_to_the_thread_that_meets_it_first(kind: type) -> None:
    assert loaders.register
    name = f"{kind.__module__}.{kind.__qualname__}"
    for form in PyFormat:
        known = psycopg.adapters._dumpers[form]
        assert kind in known
        assert name not in known
