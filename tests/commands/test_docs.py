"""``docs generate`` on a real DuckDB, the page in a real browser, and the server's manners.

The catalog was compared with the one of dbt-core 1.11.16 for two projects: nodes, sources and errors are equal.
"""

from __future__ import annotations

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidemill.commands.build import build
from tidemill.commands.docs import DocsOptions, Generation, docs_server
from tidemill.commands.opening import open_project
from tidemill.errors import ConfigurationError

NO_STATISTICS = {
    "has_stats": {
        "id": "has_stats",
        "label": "Has Stats?",
        "value": False,
        "include": False,
        "description": "Indicates whether there are statistics for this table",
    }
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    projects = Path(__file__).parent.parent / "projects"
    root = Path(shutil.copytree(projects / "cargo", tmp_path_factory.mktemp("docs") / "cargo"))
    (root / "models" / "name.sql").write_text("select '</script><b>' as \"Odd Name\"")
    with (root / "dbt_project.yml").open("a") as file:
        file.write("asset-paths: [pictures]\n")
    (root / "pictures").mkdir()
    (root / "pictures" / "a.svg").write_text("<svg/>")
    with open_project(root) as project:
        build(project).finish()
    return root


def _generate(root: Path, **options: Any) -> tuple[Generation, list[str]]:
    with open_project(root) as project:
        generation = Generation(project, DocsOptions(**options))
        return generation, [getattr(event, "text", "") for event in generation]


def _catalog(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "target" / "catalog.json").read_text())
    return found


def test_the_catalog_is_in_the_shape_of_dbt(built: Path) -> None:
    generation, said = _generate(built)
    assert generation.success
    assert said[-2:] == ["Building catalog", f"Catalog written to {built}/target/catalog.json"]
    catalog = _catalog(built)
    assert catalog["metadata"]["dbt_schema_version"].endswith("/catalog/v1.json")
    assert (catalog["sources"], catalog["errors"]) == ({}, None)
    assert catalog["nodes"]["model.cargo.customers"] == {
        "metadata": {
            "type": "VIEW",
            "schema": "main",
            "name": "customers",
            "database": "cargo",
            "comment": None,
            "owner": None,
        },
        "columns": {
            "customer_id": {"type": "INTEGER", "index": 1, "name": "customer_id", "comment": None},
            "first_at": {"type": "DATE", "index": 2, "name": "first_at", "comment": None},
            "name": {"type": "VARCHAR", "index": 3, "name": "name", "comment": None},
        },
        "stats": NO_STATISTICS,
        "unique_id": "model.cargo.customers",
    }
    assert (built / "target/pictures/a.svg").is_file()
    compiled = json.loads((built / "target/manifest.json").read_text())
    assert compiled["nodes"]["model.cargo.days"]["compiled"] is True


@pytest.mark.parametrize(
    ("options", "nodes"),
    [
        ({"select": ("orders", "days")}, {"model.cargo.orders", "model.cargo.days"}),
        ({"empty_catalog": True}, set()),
    ],
)
def test_what_is_in_the_catalog(built: Path, options: dict[str, Any], nodes: set[str]) -> None:
    generation, _ = _generate(built, **options)
    assert generation.success
    assert set(_catalog(built)["nodes"]) == nodes


def test_without_compiling(built: Path) -> None:
    (built / "target" / "manifest.json").unlink(missing_ok=True)
    generation, _ = _generate(built, compile=False)
    assert generation.compiled is None
    manifest = json.loads((built / "target/manifest.json").read_text())
    assert "compiled_code" not in manifest["nodes"]["model.cargo.days"]
    assert len(_catalog(built)["nodes"]) == 4


def test_without_compiling_what_was_compiled_before_stays(built: Path) -> None:
    _generate(built)
    _generate(built, compile=False)
    manifest = json.loads((built / "target/manifest.json").read_text())
    assert "compiled_code" in manifest["nodes"]["model.cargo.days"]


def test_what_does_not_compile_gives_no_catalog(built: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(built, tmp_path / "cargo", ignore=shutil.ignore_patterns("target")))
    (root / "models" / "broken.sql").write_text("select {{ 1 / 0 if execute else 1 }}")
    generation, said = _generate(root)
    assert not generation.success
    assert generation.catalog is None
    assert said[-1] == "compile failed, cannot generate docs"
    assert not (root / "target/catalog.json").exists()


def test_a_broken_macro_is_an_error_of_the_catalog(built: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(built, tmp_path / "cargo", ignore=shutil.ignore_patterns("target")))
    (root / "macros").mkdir()
    (root / "macros" / "own.sql").write_text(
        "{% macro get_catalog_relations(information_schema, relations) %}"
        "{{ return(run_query('select 1 as nothing')) }}{% endmacro %}"
    )
    with pytest.raises(Exception, match="the macro get_catalog gives no column 'table_schema'"):
        _generate(root)


def test_one_file_with_everything(built: Path) -> None:
    _generate(built, static=True)
    page = (built / "target/static_index.html").read_text()
    _, _, rest = page.partition('<script type="application/json" id="manifest">')
    manifest = json.loads(rest.partition("</script>")[0])
    assert manifest["metadata"]["project_name"] == "cargo"
    assert manifest["nodes"]["model.cargo.name"]["raw_code"].startswith("select '</script>")
    assert (
        "http://" not in page.replace("http://www.w3.org/2000/svg", "").partition("<script type")[0]
    )


@pytest.mark.browser
def test_the_page_shows_the_project(built: Path, chromium: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    _generate(built, static=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text))
        page.goto((built / "target/static_index.html").as_uri())
        expect(page).to_have_title("cargo: documentation")
        page.get_by_role("searchbox").fill("money")
        page.get_by_role("link", name="revenue").first.click()
        expect(page.get_by_role("heading", name="revenue")).to_be_visible()
        expect(page.get_by_role("img", name="Lineage")).to_contain_text("orders")
        page.get_by_role("searchbox").fill("customer_id customers")
        page.goto((built / "target/static_index.html").as_uri() + "#model.cargo.customers")
        expect(page.get_by_role("cell", name="INTEGER")).to_be_visible()
        page.get_by_role("button", name="Compiled").click()
        expect(page.locator("pre").first).to_contain_text("first_at")
        browser.close()
    assert errors == []


@pytest.fixture
def address(built: Path) -> Iterator[str]:
    _generate(built)
    with open_project(built) as project:
        server = docs_server(project, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _status(address: str, host: str | None = None) -> int:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_server_shows_the_folder_to_this_machine_alone(address: str) -> None:
    assert _status(f"{address}/") == 200
    assert _status(f"{address}/catalog.json") == 200
    assert _status(f"{address}/compiled/") == 404
    assert _status(f"{address}/../dbt_project.yml") == 404
    assert _status(f"{address}/manifest.json", host="evil.example:80") == 403


def test_serving_needs_a_catalog(built: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(built, tmp_path / "cargo", ignore=shutil.ignore_patterns("target")))
    with open_project(root) as project, pytest.raises(ConfigurationError, match="catalog"):
        docs_server(project, "127.0.0.1", 0)
