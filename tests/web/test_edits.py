"""Files edited on disk while the page is open: it follows, without reloading and without asking for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.web.conftest import OpenPage
from tests.web.serving import ROOT, copied, serving

pytestmark = pytest.mark.browser

STAYED = "window.stayed === true"
ALLOWED = ("ERR_CONNECTION", "404")
"""The server ends before the page; and what is looked at may be gone when it is asked for again."""


@pytest.fixture
def pilots(tmp_path: Path) -> Path:
    return copied(ROOT / "tests" / "projects" / "pilots", tmp_path)


@pytest.fixture
def address(pilots: Path) -> Iterator[str]:
    with serving(pilots) as address:
        yield address


def test_new_sql_takes_the_place_of_the_old(
    open_page: OpenPage, address: str, pilots: Path
) -> None:
    model = pilots / "models" / "marts" / "arrivals.sql"
    model.write_text(model.read_text() + "-- a line\n" * 200)
    page = _settled(open_page(f"{address}/nodes/model.pilots.arrivals?tab=code", allow=ALLOWED))
    written = page.get_by_role("region", name="Code as written")
    compiled = page.get_by_role("region", name="Compiled code")
    expect(compiled).to_contain_text("-- a line")
    compiled.evaluate("code => { code.scrollTop = 1500; code.dataset.same = 'yes' }")
    graphs = _requests_of_graph(page)
    _save(model, model.read_text() + "-- from {{ ref('stg_tides') }}\n")
    expect(compiled).to_contain_text('-- from "pilots"."main"."stg_tides"')
    expect(written).to_contain_text("-- from {{ ref('stg_tides') }}")
    assert compiled.evaluate("code => code.scrollTop") == 1500
    expect(compiled).to_have_attribute("data-same", "yes")
    assert page.evaluate(STAYED)
    assert graphs == []


def test_the_picture_takes_in_and_lets_go(open_page: OpenPage, address: str, pilots: Path) -> None:
    page = _settled(open_page(f"{address}/?focus=model.pilots.arrivals", allow=ALLOWED))
    inspector = page.get_by_role("complementary", name="About arrivals")
    expect(page.get_by_role("group", name="Lineage of 9 nodes")).to_be_visible()
    expect(inspector).to_be_visible()
    late = pilots / "models" / "late.sql"
    graphs = _requests_of_graph(page)
    _save(late, "select * from {{ ref('arrivals') }}\n")
    expect(page.get_by_role("group", name="Lineage of 10 nodes")).to_be_visible()
    expect(inspector.get_by_role("button", name="late")).to_be_visible()
    _save(late, "{{ config(materialized='ephemeral') }}" + late.read_text())
    inspector.get_by_role("button", name="late").click()
    about = page.get_by_role("complementary", name="About late")
    expect(about).to_contain_text("ephemeral")
    late.unlink()
    expect(page.get_by_role("group", name="Lineage of 9 nodes")).to_be_visible()
    expect(about).to_be_hidden()
    assert page.evaluate(STAYED)
    assert graphs == []


def test_what_is_looked_at_stays_where_it_is(
    open_page: OpenPage, address: str, pilots: Path
) -> None:
    page = _settled(open_page(f"{address}/?focus=model.pilots.arrivals", allow=ALLOWED))
    about = page.get_by_role("complementary", name="About arrivals")
    middle = _middle_beside(page, about)
    # A column more on the way to it: it has to stand further right.
    between = pilots / "models" / "between.sql"
    _save(between, "select * from {{ ref('stg_tides') }}\n")
    expect(page.get_by_role("group", name="Lineage of 10 nodes")).to_be_visible()
    arrivals = pilots / "models" / "marts" / "arrivals.sql"
    _save(arrivals, arrivals.read_text() + "-- from {{ ref('between') }}\n")
    expect(about.get_by_role("button", name="between")).to_be_visible()
    page.keyboard.press("Escape")
    expect(about).to_be_hidden()
    page.mouse.click(*middle)
    expect(about).to_be_visible()
    page.keyboard.press("Shift+L")
    page.keyboard.press("Escape")
    expect(about).to_be_hidden()
    page.mouse.click(*middle)
    expect(about).to_be_visible()


def test_a_node_that_is_gone_says_so_and_comes_back(
    open_page: OpenPage, address: str, pilots: Path
) -> None:
    late = pilots / "models" / "late.sql"
    text = "select * from {{ ref('stg_tides') }}\n"
    page = _settled(open_page(f"{address}/nodes/model.pilots.late", allow=ALLOWED))
    there = page.get_by_role("heading", name="late", exact=True)
    gone = page.get_by_role("heading", name="late is gone")
    _save(late, text)
    expect(there).to_be_visible()
    late.unlink()
    expect(gone).to_be_visible()
    _save(late, text)
    expect(there).to_be_visible()
    late.unlink()
    expect(gone).to_be_visible()
    ways = page.get_by_role("navigation", name="Ways on")
    expect(ways.get_by_role("link", name="stg_tides")).to_be_visible()
    ways.get_by_role("link", name="Lineage").click()
    expect(page.get_by_role("group", name="Lineage of 9 nodes")).to_be_visible()
    assert page.evaluate(STAYED)


def test_a_broken_project_costs_no_picture(open_page: OpenPage, address: str, pilots: Path) -> None:
    page = _settled(open_page(address, allow=ALLOWED))
    graphs = _requests_of_graph(page)
    model = pilots / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    _save(model, "select * from {{ ref('nowhere') }}\n")
    expect(page.get_by_text("1 fault in the project's files.")).to_be_visible()
    expect(page.get_by_role("group", name="Lineage of 9 nodes")).to_be_visible()
    _save(model, text)
    expect(page.get_by_text("1 fault in the project's files.")).to_be_hidden()
    (pilots / "models" / "late.sql").write_text("select 1 as a")
    expect(page.get_by_role("group", name="Lineage of 10 nodes")).to_be_visible()
    assert graphs == []


def _middle_beside(page: Page, panel: Locator) -> tuple[float, float]:
    """Where a node stands that was brought into the middle of what the tools and the panel leave free."""
    expect(panel).to_be_visible()
    canvas = page.locator("[data-lineage-stage] canvas").bounding_box()
    assert canvas is not None
    return canvas["x"] + (canvas["width"] - 330) / 2, canvas["y"] + (92 + canvas["height"]) / 2


def _save(file: Path, text: str) -> None:
    """Write a file as careful editors do: nobody sees half of it."""
    written = file.with_suffix(".written")
    written.write_text(text)
    written.replace(file)


def _settled(page: Page) -> Page:
    """The page with its stream, and with a mark that a reload would lose."""
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    return page


def _requests_of_graph(page: Page) -> list[str]:
    """Addresses under which the whole graph is asked for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/graph"):
            asked.append(request.url)

    page.on("request", note)
    return asked
