"""Where a column comes from and goes to: picked, walked along and kept in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.test_lineage import find_node

pytestmark = pytest.mark.browser


def test_a_column_is_picked_with_the_keyboard_and_followed(page: Page) -> None:
    find_node(page, "arrivals")
    panel = page.get_by_role("region", name="Columns")
    names = panel.get_by_role("listitem")
    expect(names).to_have_text(["ship_id", "ship", "moment", "under_keel"])
    page.keyboard.press("c")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    above = panel.get_by_role("list", name="under_keel comes from")
    expect(above.get_by_role("listitem").first).to_have_text("stg_tides.heightcomputed")
    expect(above.get_by_role("listitem")).to_have_count(5)
    rows = panel.get_by_role("list", name="Its rows depend on")
    expect(rows.get_by_role("listitem").first).to_contain_text("join")
    expect(page).to_have_url(re.compile("column=under_keel"))

    above.get_by_role("button", name="stg_tides.height").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="About stg_tides")).to_be_visible()
    below = page.get_by_role("list", name="height goes into")
    expect(below).to_contain_text("arrivals.under_keel")
    expect(below).to_contain_text("tide_table.height")
    expect(below.get_by_role("listitem").filter(has_text="exposure").first).to_have_text(
        "harbour_boardexposure"
    )


def test_the_picture_lights_the_way_of_the_column_alone(page: Page) -> None:
    find_node(page, "tide_table")
    page.get_by_role("button", name="moment", exact=True).click()
    expect(page.get_by_role("list", name="moment comes from")).to_be_visible()
    page.keyboard.press("v")
    lit = page.get_by_role("row").filter(has=page.get_by_role("link"))
    expect(lit).to_have_count(4)
    page.keyboard.press("v")
    page.reload()
    expect(page.get_by_role("button", name="moment", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("list", name="moment comes from")).to_be_hidden()
    expect(page.get_by_role("complementary", name="About tide_table")).to_be_visible()


def test_from_the_page_of_a_node_to_the_lineage_of_its_column(page: Page) -> None:
    find_node(page, "arrivals")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="ship_id").click()
    expect(page.get_by_role("list", name="ship_id comes from")).to_contain_text("known_draughts")
