"""What stands behind the names of a template."""

from __future__ import annotations

from tests.engine.jinja.hosting import compiled, host_of
from tidemill.engine.nodes import Column


def test_model_leaves_out_what_has_no_value() -> None:
    code = (
        "{{ model.columns.id.data_type is defined }} {{ model.columns.day.data_type is defined }} "
        "{{ 'version' in model }} {{ model.config.meta }}"
    )
    columns = {"id": Column(name="id", data_type="int"), "day": Column(name="day")}
    config = {"meta": {"owner": None}}
    assert compiled(host_of(), code, columns=columns, config=config) == (
        "True False False {'owner': None}"
    )
