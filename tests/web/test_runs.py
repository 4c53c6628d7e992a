"""Starting runs, watching them, and finding them again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage
from tests.web.serving import ROOT, Wire, copied, serving, serving_generated, tidemill

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slow_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A project of which a part builds in some seconds."""
    folder = tmp_path_factory.mktemp("slow")
    with serving_generated(folder, nodes=60, seconds=0.06, runs=0) as address:
        yield address


def start_build(page: Page, select: str) -> None:
    """Through the dialog, by keyboard."""
    expect(page.get_by_role("button", name="New run").first).to_be_enabled()
    page.keyboard.press("b")
    dialog = page.get_by_role("dialog", name="Start a run")
    dialog.get_by_label("Select", exact=True).fill(select)
    expect(dialog).to_contain_text("Selects" if select else "All of the project")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"build {select or 'everything'}")).to_be_visible()


def test_a_build_is_watched_to_its_end_and_kept(open_page: OpenPage, pilots_address: str) -> None:
    page = open_page(pilots_address)
    start_build(page, "ships+1")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Success")
    table = page.get_by_role("table", name="Nodes of the run")
    expect(table.get_by_role("row", name="Success stg_ships")).to_be_visible()
    expect(table.get_by_role("row", name="Passed unique_ships_ship_id")).to_be_visible()
    page.reload()
    expect(main).to_contain_text("Success")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Runs").click()
    first = page.get_by_role("listitem").filter(has_text="build ships+1").first
    expect(first).to_contain_text("Success")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_title("Lineage · pilots · Tidemill")


def test_nothing_has_run_yet(open_page: OpenPage, slow_address: str) -> None:
    page = open_page(slow_address + "/runs")
    expect(page.get_by_role("heading", name="Nothing has run yet")).to_be_visible()
    expect(page.get_by_role("button", name="Start the first run")).to_be_enabled()


def test_a_refresh_in_the_middle_loses_nothing(open_page: OpenPage, slow_address: str) -> None:
    page = open_page(slow_address)
    start_build(page, "tag:marts")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.wait_for_timeout(700)
    before = int(page.get_by_role("progressbar").get_attribute("aria-valuenow") or 0)
    page.reload()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    after = int(bar.get_attribute("aria-valuenow") or 0)
    assert after >= before > 0
    expect_end(page)


def expect_end(page: Page) -> None:
    """The run ended, every node of it is shown, and none is still waiting."""
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
    bar = page.get_by_role("progressbar")
    assert bar.get_attribute("aria-valuenow") == bar.get_attribute("aria-valuemax")
    expect(page.get_by_title("Waiting")).to_have_count(0)
    expect(page.get_by_title("Running")).to_have_count(0)


def test_a_lost_connection_is_told_and_mended(open_page: OpenPage, slow_address: str) -> None:
    wire = Wire(slow_address)
    wire.connect()
    page = open_page(wire.address, allow=("ERR_", "WebSocket"))
    start_build(page, "tag:marts")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.wait_for_timeout(500)
    wire.cut()
    expect(page.get_by_text("No connection since")).to_be_visible()
    stood = page.get_by_role("progressbar").get_attribute("aria-valuenow")
    page.wait_for_timeout(1500)
    assert page.get_by_role("progressbar").get_attribute("aria-valuenow") == stood
    wire.connect()
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_text("No connection since")).to_be_hidden()
    expect_end(page)
    wire.cut()


def test_a_run_is_cancelled_and_its_lineage_shows_it(
    open_page: OpenPage, slow_address: str
) -> None:
    page = open_page(slow_address)
    start_build(page, "")
    page.get_by_role("link", name="Lineage", exact=True).click()
    groups = page.get_by_role("list", name="Groups")
    expect(groups.get_by_role("button", name="Running 1")).to_be_visible()
    going = page.get_by_role("banner").get_by_role("link", name="Running build")
    expect(going).to_contain_text(re.compile(r"build \d+ / \d+"))
    page.keyboard.press("Control+k")
    page.keyboard.type("cancel")
    page.keyboard.press("Enter")
    expect(groups.get_by_role("button", name="Cancelled")).to_be_visible()
    expect(groups.get_by_role("button", name="Running 1")).to_be_hidden()


def test_a_second_run_is_refused_with_the_reason(open_page: OpenPage, slow_address: str) -> None:
    page = open_page(slow_address, allow=("409",))
    start_build(page, "tag:marts")
    page.keyboard.press("b")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="still active")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_the_reason_of_a_failure_stands_beside_the_bars(
    open_page: OpenPage, large_address: str
) -> None:
    page = open_page(large_address + "/runs")
    page.get_by_role("listitem").first.get_by_role("link").click()
    details = page.get_by_role("complementary", name="Details")
    expect(details).to_contain_text("Binder Error")
    expect(details).to_contain_text("did you mean 'amount'?")
    page.get_by_text("Problems").click()
    table = page.get_by_role("table", name="Nodes of the run")
    table.hover()
    page.mouse.wheel(0, 20_000)
    table.get_by_role("row").filter(has=page.get_by_title("Skipped")).last.click()
    expect(details).to_contain_text("Skipped behind")
    expect(page.get_by_role("button", name="Build what failed")).to_be_visible()


def test_a_build_in_the_terminal_shows_on_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    project = copied(ROOT / "tests" / "projects" / "pilots", tmp_path)
    with serving(project) as address:
        page = open_page(address, allow=("ERR_CONNECTION",))
        groups = page.get_by_role("list", name="Groups")
        expect(groups.get_by_role("button", name="Not built 7")).to_be_visible()
        tidemill(project, "build")
        expect(groups.get_by_role("button", name="Built 7", exact=True)).to_be_visible()
        page.get_by_role("link", name="Runs", exact=True).click()
        expect(page.get_by_role("listitem").first).to_contain_text("build everything")
