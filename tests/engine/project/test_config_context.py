"""var and env_var in configuration files, with dbt's rules for secrets."""

from __future__ import annotations

from typing import Any

import pytest

from tidemill.engine.project.config_context import DEFAULTED, ConfigContext
from tidemill.errors import TidemillError

ENV = {"HOST": "sea", "DBT_ENV_SECRET_TOKEN": "t0p", "DBT_ENV_PRIVATE_X": "x"}


def context(**options: Any) -> ConfigContext:
    return ConfigContext(env=ENV, **{"variables": {"day": "mon", "who": "{{ 'a' ~ 1 }}"}} | options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ var('day') }}", "mon"),
        ("{{ var('who') }}", "a1"),
        ("{{ var('no', 3) }}", 3),
        ("{{ env_var('HOST') }}", "sea"),
        ("{{ env_var('NO', 'land') }}", "land"),
        ("{{ target.name }}", "dev"),
        ("{{ fromjson('[1]') }}", [1]),
        ("{{ tojson({'a': 1}) }}", '{"a": 1}'),
        ("{{ fromyaml('a: 1') }}", {"a": 1}),
        ("{{ fromjson('nope', 'default') }}", "default"),
        ("{{ set([1, 1]) }}", {1}),
        ("{{ dbt_version.split('.')[0] }}", "1"),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert context(target={"name": "dev"}).render(text) == value


def test_jinja_in_a_variable_is_rendered_but_for_property_files() -> None:
    variables = {"place": "{{ target.name }}_x"}
    for rendered, expected in ((True, "dev_x"), (False, "{{ target.name }}_x")):
        made = ConfigContext(variables=variables, target={"name": "dev"}, rendered_vars=rendered)
        assert made.render("{{ var('place') }}") == expected


def test_environment_variables_that_were_read_are_recorded() -> None:
    made = context(secrets=True)
    made.render(
        "{{ env_var('HOST') }}{{ env_var('NO', 'x') }}{{ env_var('DBT_ENV_SECRET_TOKEN') }}"
    )
    assert made.env_read == {"HOST": "sea", "NO": DEFAULTED}


def test_secrets_are_put_in_after_rendering() -> None:
    made = context(secrets=True)
    assert made.render("{{ env_var('DBT_ENV_SECRET_TOKEN') }}") == "t0p"
    assert (
        made.render("x-{{ env_var('DBT_ENV_SECRET_TOKEN') }}-{{ env_var('HOST') }}") == "x-t0p-sea"
    )
    assert made.render("{{ env_var('DBT_ENV_SECRET_TOKEN') | length }}") != 3
    assert made.render("{{ env_var('DBT_ENV_SECRET_NONE', 'd') }}") == "d"


@pytest.mark.parametrize(
    ("text", "label", "message", "hint"),
    [
        (
            "{{ env_var('HOTS') }}",
            "Parsing Error",
            "Env var required but not provided: 'HOTS'",
            "did you mean 'HOST'?",
        ),
        (
            "{{ env_var('ZZZ') }}",
            "Parsing Error",
            "Env var required but not provided: 'ZZZ'",
            "set it, or give a default: env_var('ZZZ', 'default')",
        ),
        (
            "{{ env_var('DBT_ENV_SECRET_TOKEN') }}",
            "Parsing Error",
            "the secret 'DBT_ENV_SECRET_TOKEN' may be read in profiles.yml and packages.yml only",
            None,
        ),
        (
            "{{ env_var('DBT_ENV_PRIVATE_X') }}",
            "Parsing Error",
            "Env var required but not provided: 'DBT_ENV_PRIVATE_X'",
            None,
        ),
        (
            "{{ var('dya') }}",
            "Compilation Error",
            "Required var 'dya' not found in config:\nVars supplied here: day, who",
            "did you mean 'day'?",
        ),
    ],
)
def test_faults(text: str, label: str, message: str, hint: str | None) -> None:
    with pytest.raises(TidemillError) as caught:
        context().render(text)
    fault = caught.value.fault
    assert (fault.label, fault.message) == (label, message)
    assert hint is None or fault.hint == hint


def test_variables_may_be_missing_where_they_are_not_required() -> None:
    assert context(require_vars=False).render("{{ var('no') }}") is None


def test_modules_of_python() -> None:
    text = (
        "{{ modules.datetime.date(2024, 1, 2).isoformat() }}{{ modules['re'].sub('a', 'b', 'a') }}"
    )
    assert ConfigContext().render(text) == "2024-01-02b"
