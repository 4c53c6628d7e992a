"""What the page of one node tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage
from tests.web.serving import ROOT, copied, serving

pytestmark = pytest.mark.browser

ARRIVALS = "/nodes/model.pilots.arrivals"


@pytest.fixture
def arrivals(open_page: OpenPage, pilots_address: str) -> Page:
    return open_page(pilots_address + ARRIVALS)


def test_the_overview_has_columns_with_types_and_tests(arrivals: Page) -> None:
    expect(arrivals.get_by_role("main").locator("strong", has_text="which tide")).to_be_visible()
    row = arrivals.get_by_role("row", name="ship_id")
    expect(row).to_contain_text("integer")
    expect(row).to_contain_text("not_null")
    expect(row.get_by_title("Passed")).to_have_count(2)
    # Nobody documented it: the table itself tells of it.
    expect(arrivals.get_by_role("row", name="moment timestamp")).to_be_visible()
    arrivals.get_by_role("complementary").get_by_role("link", name="stg_tides").click()
    expect(arrivals).to_have_title("stg_tides · pilots · Tidemill")


def test_code_stands_as_written_beside_compiled(arrivals: Page) -> None:
    arrivals.get_by_role("link", name="Code").click()
    written = arrivals.get_by_role("region", name="Code as written")
    compiled = arrivals.get_by_role("region", name="Compiled code")
    expect(written).to_contain_text("{{ ref('stg_tides') }}")
    expect(compiled).to_contain_text('"pilots"."main"."stg_tides"')
    arrivals.get_by_role("button", name="Copy compiled code").click()
    copied_text: str = arrivals.evaluate("navigator.clipboard.readText()")
    assert '"pilots"."main"."stg_tides"' in copied_text
    assert "{{" not in copied_text


def test_rows_come_from_the_table(arrivals: Page) -> None:
    arrivals.get_by_role("link", name="Rows", exact=True).click()
    table = arrivals.get_by_role("table", name="First rows")
    expect(arrivals.get_by_text("4 rows, 4 columns")).to_be_visible()
    expect(table.get_by_role("columnheader").first).to_contain_text("ship_id")
    arrivals.reload()
    expect(table.get_by_role("cell", name="Dolphin").first).to_be_visible()


def test_null_is_not_a_word_in_the_table(open_page: OpenPage, pilots_address: str) -> None:
    page = open_page(pilots_address + "/nodes/seed.pilots.ships?tab=rows")
    row = page.get_by_role("row", name="Caravel")
    expect(row.locator("em", has_text="null")).to_be_visible()
    expect(row.get_by_title("null")).to_have_attribute("data-right", "true")


def test_building_from_the_page_shows_the_run_and_comes_back(arrivals: Page) -> None:
    arrivals.get_by_role("button", name="+model").click()
    expect(arrivals.get_by_role("heading", name="build +arrivals")).to_be_visible()
    expect(arrivals.get_by_role("main")).to_contain_text("Success")
    arrivals.go_back()
    expect(arrivals.get_by_role("link", name="just now")).to_be_visible()


def test_a_node_that_is_not_there_is_told_kindly(open_page: OpenPage, pilots_address: str) -> None:
    page = open_page(pilots_address + "/nodes/model.pilots.gone", allow=("404",))
    expect(page.get_by_role("heading")).to_contain_text("model.pilots.gone")
    page.get_by_role("main").get_by_role("link", name="Lineage").click()
    expect(page).to_have_title("Lineage · pilots · Tidemill")


def test_descriptions_are_text_and_follow_the_file(open_page: OpenPage, tmp_path: Path) -> None:
    """HTML in a description stays text; an edited file shows without a reload of the page."""
    project = copied(ROOT / "tests" / "projects" / "pilots", tmp_path)
    properties = project / "seeds" / "seeds.yml"
    attack = "**Bold** <img src=x onerror=window.hurt=1> [x](javascript:window.hurt=1)"
    with serving(project) as address:
        page = open_page(address + "/nodes/seed.pilots.ships", allow=("404", "ERR_CONNECTION"))
        main = page.get_by_role("main")
        expect(main).to_contain_text("Every ship that calls.")
        text = properties.read_text()
        properties.write_text(text.replace("Every ship that calls.", f"'{attack}'"))
        expect(main).to_contain_text("<img src=x onerror=window.hurt=1>")
        expect(main.locator("strong", has_text="Bold")).to_be_visible()
        expect(main.get_by_role("link", name="x", exact=True)).to_have_count(0)
        assert page.evaluate("window.hurt") is None
        page.get_by_role("link", name="Rows", exact=True).click()
        expect(page.get_by_role("heading", name="Not built yet")).to_be_visible()
