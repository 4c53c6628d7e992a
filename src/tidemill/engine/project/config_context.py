"""What the Jinja of configuration files may call: ``var``, ``env_var``, ``target`` and small functions.

One ``ConfigContext`` serves one file (or one package's property files) and remembers which
environment variables it read, so that a change of theirs can be noticed. Rendering itself is in
``native_jinja``; secrets are put in last, so that no template can see or change them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from tidemill import __version__
from tidemill.engine.project.config import DBT_VERSION
from tidemill.engine.project.jinja_modules import Modules
from tidemill.engine.project.native_jinja import render_native
from tidemill.engine.project.reads import ENV_VAR, VAR, note
from tidemill.errors import CompilationError, ParsingError, did_you_mean

SECRET_PREFIX = "DBT_ENV_SECRET"
"""Environment variables that only ``profiles.yml`` and ``packages.yml`` may read."""
PRIVATE_PREFIX = "DBT_ENV_PRIVATE"
"""Environment variables that no template may read."""
DEFAULTED = "<default>"
"""Stands in ``env_read`` for a variable that was not set and had a default."""
_SECRET = re.compile(r"\$\$\$TIDEMILL_SECRET\(([^)$]*)\)\$\$\$")
_MISSING: Any = object()


class ConfigContext:
    """Names for the Jinja of one configuration file, and the record of what it read."""

    def __init__(
        self,
        *,
        variables: Mapping[str, Any] | None = None,
        target: Mapping[str, Any] | None = None,
        secrets: bool = False,
        env: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        require_vars: bool = True,
        rendered_vars: bool = True,
        package: str = "",
    ) -> None:
        self.package = package
        self.variables = dict(variables or {})
        self.env = os.environ if env is None else env
        self.secrets = secrets
        self.require_vars = require_vars
        self.rendered_vars = rendered_vars
        """Whether Jinja in the value of a variable is rendered; property files get it as it stands (dbt's rule)."""
        self.env_read: dict[str, str] = {}
        self._target = target
        self._extra = extra
        self.names = self._names(target, extra)

    def beneath(self, variables: Mapping[str, Any]) -> ConfigContext:
        """This context with more variables; its own win. What is read counts as read by this one."""
        context = ConfigContext(
            variables={**variables, **self.variables},
            target=self._target,
            secrets=self.secrets,
            env=self.env,
            extra=self._extra,
            require_vars=self.require_vars,
            rendered_vars=self.rendered_vars,
            package=self.package,
        )
        context.env_read = self.env_read
        return context

    def render(self, text: str) -> Any:
        """``text`` rendered natively, with secrets in their places where this file may hold them.

        Raises what ``render_native`` raises, and ParsingError for environment variables.
        """
        value = render_native(text, self.names)
        if self.secrets and isinstance(value, str) and "$$$TIDEMILL_SECRET(" in value:
            value = _SECRET.sub(lambda match: self.env[match[1]], value)
        return value

    def var(self, name: str, default: Any = _MISSING) -> Any:
        """The value that templates get for a variable, or ``default``."""
        note(VAR, self.package, name)
        if name in self.variables:
            value = self.variables[name]
            is_template = self.rendered_vars and isinstance(value, str)
            return render_native(value, self.names) if is_template else value
        if default is not _MISSING:
            return default
        if not self.require_vars:
            return None
        known = ", ".join(sorted(map(str, self.variables))) or "none"
        raise CompilationError(
            f"Required var '{name}' not found in config:\nVars supplied here: {known}",
            code="var-missing",
            hint=did_you_mean(name, self.variables)
            or f"give it with --vars '{{{name}: value}}', or a default: var('{name}', 'default')",
        )

    def env_var(self, name: str, default: str | None = None) -> str:
        """The environment variable of that name, by dbt's rules for secrets."""
        note(ENV_VAR, name)
        if name.startswith(SECRET_PREFIX):
            return self._secret(name, default)
        if name in self.env and not name.startswith(PRIVATE_PREFIX):
            self.env_read[name] = self.env[name]
            return self.env[name]
        if default is not None:
            self.env_read[name] = DEFAULTED
            return default
        raise self._missing(name)

    def _secret(self, name: str, default: str | None) -> str:
        if not self.secrets:
            raise ParsingError(
                f"the secret '{name}' may be read in profiles.yml and packages.yml only",
                code="env-var-secret",
                hint=f"variables whose names begin with {SECRET_PREFIX} are kept out of everything"
                " else; rename it if it is no secret",
            )
        if name in self.env:
            return f"$$$TIDEMILL_SECRET({name})$$$"
        if default is not None:
            return default
        raise self._missing(name)

    def _missing(self, name: str) -> ParsingError:
        return ParsingError(
            f"Env var required but not provided: '{name}'",
            code="env-var-missing",
            hint=did_you_mean(name, self.env)
            or f"set it, or give a default: env_var('{name}', 'default')",
        )

    def _names(
        self, target: Mapping[str, Any] | None, extra: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        names: dict[str, Any] = {
            **functions(),
            "var": self.var,
            "env_var": self.env_var,
            "tidemill_version": __version__,
            "dbt_version": DBT_VERSION,
            "modules": Modules(),
        }
        if target is not None:
            names["target"] = target
        names |= extra or {}
        names["builtins"] = names["context"] = names
        return names


def functions() -> dict[str, Callable[..., Any]]:
    """Functions that depend on their arguments only."""
    return {
        "fromjson": _fromjson,
        "tojson": _tojson,
        "fromyaml": _fromyaml,
        "set": lambda value, default=None: _or_default(lambda: set(value), default),
        "zip": lambda *values, default=None: _or_default(lambda: zip(*values), default),  # noqa: B905
    }


def _fromjson(string: str, default: Any = None) -> Any:
    return _or_default(lambda: json.loads(string), default)


def _tojson(value: Any, default: Any = None, sort_keys: bool = False) -> Any:
    return _or_default(lambda: json.dumps(value, sort_keys=sort_keys), default)


def _fromyaml(value: str, default: Any = None) -> Any:
    import yaml

    try:
        return yaml.safe_load(value)
    except (AttributeError, yaml.YAMLError):
        return default


def _or_default(make: Callable[[], Any], default: Any) -> Any:
    try:
        return make()
    except (ValueError, TypeError):
        return default
