"""Every verb of the command line, as data: what it does, the options it takes, the module that runs it."""

from __future__ import annotations

from tidemill.cli.arguments import options as o
from tidemill.cli.arguments.lineage_verb import LINEAGE
from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.verb import Argument, Verb

__all__ = ["VERBS", "Argument", "Verb", "verb_named", "verb_words"]

_PROJECT = (o.PROJECT_DIR, o.PROFILES_DIR, o.VARS)
_TARGET = (*_PROJECT, o.TARGET_PATH)
_RUN = (*_TARGET, o.THREADS)
_SELECTION = (o.SELECT, o.EXCLUDE, o.SELECTOR)
_TYPES = (o.RESOURCE_TYPE, o.EXCLUDE_RESOURCE_TYPE)

_LIST_OPTIONS = (
    Option(
        "select",
        ("-s", "--select"),
        "many",
        o.SELECT_HELP,
        "Selection",
        metavar="SELECTOR",
    ),
    Option(
        "models",
        ("-m", "--models", "--model"),
        "many",
        "Like --select with --resource-type model.",
        "Selection",
        metavar="SELECTOR",
    ),
    o.EXCLUDE,
    o.SELECTOR,
    *_TYPES,
    Option(
        "output",
        ("--output",),
        "choice",
        "What to print for each resource: its selector, its name, the path of its file, or JSON.",
        "Output",
        default="selector",
        choices=("json", "name", "path", "selector"),
    ),
    Option(
        "output_keys",
        ("--output-keys",),
        "many",
        "Which keys to print with --output json, such as name or config.materialized.",
        "Output",
        metavar="KEY",
    ),
    Option(
        "explain",
        ("--explain",),
        "flag",
        "Say below each resource what changed of it since --state, or which change it stands on.",
        "Output",
        default=False,
    ),
    *_TARGET,
)

_SERVE_OPTIONS = (
    *_RUN,
    Option("host", ("--host",), "text", "The address to listen on.", "Run", "127.0.0.1", "ADDRESS"),
    Option("port", ("--port",), "integer", "The port to listen on.", "Run", 8580, "PORT"),
    Option(
        "browser",
        ("--browser",),
        "switch",
        "Open the page in a browser.",
        "Run",
        False,
    ),
    Option(
        "token",
        ("--token",),
        "text",
        "The token that visitors must show; TIDEMILL_TOKEN sets it as well. Without one, an address "
        "that other machines can reach gets a new token.",
        "Run",
        metavar="TOKEN",
    ),
    Option(
        "read_only",
        ("--read-only",),
        "flag",
        "Show everything and run nothing.",
        "Run",
        False,
    ),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "init",
        "Create a project that builds at once, with a DuckDB profile.",
        "tidemill.cli.verbs.init",
        "Creates a folder with a small project and a profiles.yml for embedded DuckDB. An existing "
        "folder or profile is never overwritten. Inside a project it creates the profile that the "
        "project lacks.",
        (
            o.PROJECT_DIR,
            o.PROFILES_DIR,
            Option(
                "skip_profile_setup",
                ("-s", "--skip-profile-setup"),
                "flag",
                "Create the project without a profile.",
                "Project",
                default=False,
            ),
            o.VARS,
        ),
        (Argument("project_name", "NAME", "Letters, digits and underscores.", required=False),),
        ("tidemill init shop && cd shop && tidemill build",),
    ),
    Verb(
        "debug",
        "Check the project, the profile and the connection, and say what is missing.",
        "tidemill.cli.verbs.debug",
        options=(
            Option(
                "connection",
                ("--connection",),
                "flag",
                "Check only the connection.",
                "Run",
                default=False,
            ),
            Option(
                "config_dir",
                ("--config-dir",),
                "flag",
                "Print where profiles.yml is looked for.",
                "Output",
                default=False,
            ),
            *_PROJECT,
        ),
    ),
    Verb(
        "parse",
        "Read the project and report everything that is wrong with it.",
        "tidemill.cli.verbs.parse",
        "Writes manifest.json. Nothing is sent to the warehouse. What the last parse found is used again; "
        "--no-partial-parse reads everything anew.",
        (
            *_RUN,
            Option(
                "explain",
                ("--explain",),
                "flag",
                "Say which files were read anew, and why.",
                "Output",
                default=False,
            ),
        ),
        examples=("tidemill parse --explain", "tidemill parse --no-partial-parse"),
    ),
    Verb(
        "ls",
        "List the resources that a selection means.",
        "tidemill.cli.verbs.ls",
        options=_LIST_OPTIONS,
        examples=(
            "tidemill ls --select +orders",
            "tidemill ls --resource-type model --output json --output-keys name config.materialized",
            "tidemill ls --select state:modified+ --state path/to/artifacts --explain",
        ),
        aliases=("list",),
    ),
    Verb(
        "compile",
        "Render models, tests and analyses to SQL without running them.",
        "tidemill.cli.verbs.compile",
        "Writes target/compiled. One selected model, or --inline, is printed too.",
        (
            *_SELECTION,
            *_TYPES,
            o.INLINE,
            o.OUTPUT_TEXT,
            o.FULL_REFRESH,
            o.EMPTY,
            o.INTROSPECT,
            Option(
                "inject_ephemeral_ctes",
                ("--inject-ephemeral-ctes",),
                "switch",
                "Put ephemeral models into the SQL.",
                "Output",
                default=True,
                hidden=True,
            ),
            *_RUN,
            o.SQLPARSE,
        ),
        examples=(
            "tidemill compile --select orders",
            "tidemill compile --inline \"select * from {{ ref('orders') }}\"",
        ),
    ),
    LINEAGE,
    Verb(
        "show",
        "Show the first rows of a model, or of a query.",
        "tidemill.cli.verbs.show",
        "The query is compiled and run with a limit; nothing is created in the warehouse.",
        (
            *_SELECTION,
            o.INLINE,
            Option(
                "inline_direct",
                ("--inline-direct",),
                "text",
                "A query to run as it is, without Jinja.",
                "Selection",
                metavar="SQL",
                hidden=True,
            ),
            o.LIMIT,
            o.OUTPUT_TEXT,
            o.FULL_REFRESH,
            o.INTROSPECT,
            *_RUN,
            o.SQLPARSE,
        ),
        examples=(
            "tidemill show --select orders --limit 20",
            "tidemill show --inline \"select count(*) from {{ ref('orders') }}\"",
        ),
    ),
    Verb(
        "run",
        "Build the selected models.",
        "tidemill.cli.verbs.build",
        options=(
            *_SELECTION,
            o.FULL_REFRESH,
            o.EMPTY,
            *o.PERIODS,
            *_RUN,
            o.SQLPARSE,
        ),
        examples=(
            "tidemill run --select +orders",
            "tidemill run --select tag:daily --exclude staging",
        ),
    ),
    Verb(
        "test",
        "Run the tests of what is selected.",
        "tidemill.cli.verbs.build",
        options=(*_SELECTION, *_TYPES, o.STORE_FAILURES, *_RUN, o.SQLPARSE),
        examples=("tidemill test --select orders", "tidemill test --select test_type:singular"),
    ),
    Verb(
        "build",
        "Load seeds, build models and run tests, each as soon as what it reads is there.",
        "tidemill.cli.verbs.build",
        "What stands behind a failure is skipped.",
        (
            *_SELECTION,
            *_TYPES,
            o.FULL_REFRESH,
            o.STORE_FAILURES,
            o.EMPTY,
            o.SHOW,
            *o.PERIODS,
            *_RUN,
            o.SQLPARSE,
        ),
        examples=("tidemill build", "tidemill build --select +orders+ --fail-fast"),
    ),
    Verb(
        "seed",
        "Load the selected CSV files.",
        "tidemill.cli.verbs.build",
        options=(*_SELECTION, o.FULL_REFRESH, o.SHOW, *_RUN, o.SQLPARSE),
    ),
    Verb(
        "snapshot",
        "Keep the history of tables: run the selected snapshots.",
        "tidemill.cli.verbs.build",
        options=(*_SELECTION, o.EMPTY, *_RUN, o.SQLPARSE),
        examples=("tidemill snapshot --select orders_history",),
    ),
    Verb(
        "run-operation",
        "Call a macro.",
        "tidemill.cli.verbs.run_operation",
        options=(
            Option(
                "args",
                ("--args",),
                "yaml",
                "Arguments of the macro by name: '{dry_run: true}'.",
                "Run",
                metavar="YAML",
            ),
            *_RUN,
        ),
        arguments=(Argument("macro", "MACRO", "The macro's name, or package.name."),),
        examples=("tidemill run-operation grant_select --args '{role: reader}'",),
    ),
    Verb(
        "source freshness",
        "Check how old the newest rows of sources are.",
        "tidemill.cli.verbs.freshness",
        "Writes sources.json. Ends with 1 when a source is older than its error_after.",
        (
            *_SELECTION,
            Option(
                "output",
                ("-o", "--output"),
                "path",
                "Write the result to this file.",
                "Output",
                metavar="FILE",
            ),
            *_RUN,
            o.SQLPARSE,
        ),
        examples=("tidemill source freshness --select source:raw",),
        aliases=("source snapshot-freshness",),
    ),
    Verb(
        "docs generate",
        "Write catalog.json and a page about the project.",
        "tidemill.cli.verbs.docs",
        "The page, index.html in the target folder, reads manifest.json and catalog.json beside it.",
        (
            *_SELECTION,
            Option(
                "compile",
                ("--compile",),
                "switch",
                "Compile first, so that the page shows the SQL.",
                "Run",
                default=True,
            ),
            Option(
                "empty_catalog",
                ("--empty-catalog",),
                "flag",
                "Do not ask the warehouse what it holds.",
                "Run",
                default=False,
                variable=True,
            ),
            Option(
                "static",
                ("--static",),
                "flag",
                "Write static_index.html as well: one file with everything in it.",
                "Output",
                default=False,
                variable=True,
            ),
            *_RUN,
            o.SQLPARSE,
        ),
        examples=("tidemill docs generate --static",),
    ),
    Verb(
        "docs serve",
        "Serve the page that `docs generate` wrote.",
        "tidemill.cli.verbs.docs",
        "Listens on this machine only, unless --host says otherwise. `tidemill serve` shows the project "
        "alive, with its runs.",
        (
            Option(
                "host",
                ("--host",),
                "text",
                "The address to listen on.",
                "Run",
                "127.0.0.1",
                "ADDRESS",
            ),
            Option("port", ("--port",), "integer", "The port to listen on.", "Run", 8080, "PORT"),
            Option(
                "browser",
                ("--browser",),
                "switch",
                "Open the page in a browser.",
                "Run",
                default=True,
            ),
            *_TARGET,
        ),
    ),
    Verb(
        "deps",
        "Install the packages that packages.yml or dependencies.yml asks for.",
        "tidemill.cli.verbs.deps",
        "package-lock.yml keeps the versions that were chosen; they are chosen anew when the packages "
        "asked for have changed, or with --upgrade. Packages of a hub come from DBT_PACKAGE_HUB_URL.",
        (
            Option(
                "upgrade",
                ("--upgrade",),
                "flag",
                "Choose the newest versions that fit.",
                "Run",
                default=False,
            ),
            Option(
                "lock",
                ("--lock",),
                "flag",
                "Write package-lock.yml and install nothing.",
                "Run",
                default=False,
            ),
            Option(
                "add_package",
                ("--add-package",),
                "text",
                "Add a package first: dbt-labs/dbt_utils@1.3.0.",
                "Run",
                metavar="NAME@VERSION",
            ),
            Option(
                "source",
                ("--source",),
                "choice",
                "Where the added package comes from.",
                "Run",
                default="hub",
                choices=("hub", "git", "local"),
            ),
            *_PROJECT,
        ),
        examples=("tidemill deps", "tidemill deps --add-package dbt-labs/dbt_utils@1.3.0"),
    ),
    Verb(
        "clean",
        "Delete the folders that dbt_project.yml names as clean-targets.",
        "tidemill.cli.verbs.clean",
        "Only folders inside the project are deleted, and never those with the project's sources.",
        (
            Option(
                "clean_project_files_only",
                ("--clean-project-files-only",),
                "switch",
                "Refuse folders outside the project.",
                "Run",
                default=True,
                variable=True,
            ),
            *_TARGET,
        ),
    ),
    Verb(
        "serve",
        "Serve the project in the browser: its graph, its models and its runs.",
        "tidemill.cli.verbs.serve",
        "Listens on this machine only unless --host says otherwise, and then asks for a token.",
        _SERVE_OPTIONS,
    ),
    Verb(
        "demo",
        "Build the example project on embedded DuckDB, then serve it.",
        "tidemill.cli.verbs.demo",
        "Prints what was built, the seconds and the simulated rows per second, beside the same SQL "
        "run by DuckDB alone.",
        (
            *_SERVE_OPTIONS,
            Option("once", ("--once",), "flag", "Stop after the build.", "Run", default=False),
            Option(
                "into",
                ("--into",),
                "path",
                "Work on a copy of the example in this folder.",
                "Project",
                metavar="FOLDER",
            ),
        ),
    ),
    Verb(
        "conform",
        "Run dbt-core and Tidemill on copies of the project and say what differs.",
        "tidemill.cli.verbs.conform",
        "Compares the manifest, compiled SQL, results and, on DuckDB, every table that both build. The "
        "project and its database stay as they are. --select leaves the manifest whole.",
        (
            *_SELECTION,
            Option(
                "dbt",
                ("--dbt",),
                "text",
                "The dbt program to compare with, instead of the one on PATH.",
                "Run",
                metavar="PROGRAM",
            ),
            Option(
                "build",
                ("--build",),
                "switch",
                "Build on DuckDB, and compare the tables; without it, both only compile.",
                "Run",
                default=True,
            ),
            Option(
                "output",
                ("--output",),
                "text",
                "Write the whole page to this file too.",
                "Output",
                metavar="FILE",
            ),
            *_RUN,
        ),
        arguments=(Argument("path", "PATH", "The project's folder.", required=False),),
        examples=("tidemill conform shop --dbt dbt-env/bin/dbt",),
    ),
    Verb(
        "clone",
        "Make what another target built appear under this target's names.",
        "tidemill.cli.verbs.build",
        "Tables are cloned where the warehouse can, and shown through views elsewhere. What exists stays, "
        "unless --full-refresh. --state is needed.",
        (*_SELECTION, *_TYPES, o.FULL_REFRESH, *_RUN, o.SQLPARSE),
        examples=("tidemill clone --state prod-artifacts --select state:modified+",),
    ),
    Verb(
        "retry",
        "Run again what failed or was skipped in the previous command.",
        "tidemill.cli.verbs.retry",
        "The previous command is the one of run_results.json in the target folder, or in --state. It runs "
        "with the flags that it had; --vars and --threads may be given anew.",
        (o.FULL_REFRESH, *_RUN, o.SQLPARSE),
        examples=("tidemill retry", "tidemill retry --state artifacts-of-last-night"),
    ),
)


def verb_named(word: str) -> Verb | None:
    """The verb of that name or alias, or None."""
    for verb in VERBS:
        if word == verb.name or word in verb.aliases:
            return verb
    return None


def verb_words() -> list[str]:
    """All words that name a verb."""
    return [word for verb in VERBS for word in (verb.name, *verb.aliases)]
