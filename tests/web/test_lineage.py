"""Finding, selecting, colouring and walking along the lineage."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage

pytestmark = pytest.mark.browser


def find_node(page: Page, name: str) -> None:
    """Jump to a node with the keyboard alone."""
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name=f"About {name}")).to_be_visible()


def test_the_first_page_shows_the_project_and_how_it_stands(page: Page) -> None:
    expect(page).to_have_title("Lineage · pilots · Tidemill")
    groups = page.get_by_role("list", name="Groups")
    expect(groups.get_by_role("button", name="Built 7")).to_be_visible()
    expect(groups.get_by_role("button", name="Nothing to build 2")).to_be_visible()
    assert _drawn_colours(page) > 5


def _drawn_colours(page: Page) -> int:
    """How many different colours the canvas shows: an empty one has a handful."""
    script = """() => {
        const canvas = document.querySelector("[data-lineage-stage] canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const colours = new Set();
        for (let i = 0; i < data.length; i += 40) colours.add(data.slice(i, i + 3).join());
        return colours.size;
    }"""
    count: int = page.evaluate(script)
    return count


def test_a_node_is_found_walked_from_and_opened_with_the_keyboard(page: Page) -> None:
    find_node(page, "known_draughts")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("complementary", name="About arrivals")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("complementary", name="About known_draughts")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_title("known_draughts · pilots · Tidemill")
    page.go_back()
    expect(page.get_by_role("complementary", name="About known_draughts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary", name="About known_draughts")).to_be_hidden()


def test_upstream_is_selected_in_dbts_words_and_survives_a_refresh(page: Page) -> None:
    find_node(page, "arrivals")
    page.keyboard.press("[")
    box = page.get_by_role("textbox", name="Select")
    expect(box).to_have_value("+arrivals")
    expect(page.get_by_text("6 of 9 nodes")).to_be_visible()
    expect(page.get_by_role("button", name="Build 6")).to_be_enabled()
    page.reload()
    expect(box).to_have_value("+arrivals")
    expect(page.get_by_text("6 of 9 nodes")).to_be_visible()
    page.get_by_role("button", name="Show the selection alone").click()
    expect(page.get_by_role("group", name="Lineage of 6 nodes")).to_be_visible()


def test_depth_is_chosen_in_the_inspector(page: Page) -> None:
    find_node(page, "arrivals")
    page.get_by_role("button", name="1", exact=True).first.click()
    expect(page.get_by_role("textbox", name="Select")).to_have_value("1+arrivals")
    expect(page.get_by_text("3 of 9 nodes")).to_be_visible()


def test_a_wrong_selector_says_what_is_wrong(open_page: OpenPage, pilots_address: str) -> None:
    page = open_page(pilots_address, allow=("400", "422"))
    box = page.get_by_role("textbox", name="Select")
    box.fill("tga:marts")
    expect(page.get_by_role("alert")).to_contain_text("did you mean 'tag'?")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("tag:marts")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_colours_and_groups_are_kept_in_the_address(page: Page) -> None:
    page.get_by_text("Type", exact=True).click()
    expect(page).to_have_url(re.compile("colour=type"))
    page.get_by_role("button", name="Seed 2").click()
    page.reload()
    expect(page.get_by_role("button", name="Seed 2")).to_have_attribute("aria-pressed", "true")


def test_the_list_shows_the_same_nodes_to_those_who_do_not_see_the_picture(page: Page) -> None:
    page.keyboard.press("v")
    table = page.get_by_role("table")
    expect(table).to_have_attribute("aria-rowcount", "10")
    expect(table.get_by_role("row").nth(1)).to_contain_text("arrivals")
    page.get_by_role("button", name="Children").click()
    expect(table.get_by_role("row").nth(1)).to_contain_text("arrivals")
    page.get_by_role("button", name="Name").click()
    page.get_by_role("button", name="Name").click()
    expect(table.get_by_role("row").nth(1)).to_contain_text("tides")
    table.get_by_role("link", name="stg_tides").click()
    expect(page).to_have_title("stg_tides · pilots · Tidemill")


def test_a_click_focuses_and_a_double_click_opens(page: Page) -> None:
    find_node(page, "stg_tides")
    stage = page.locator("[data-lineage-stage]")
    page.keyboard.press("Escape")
    box = stage.bounding_box()
    assert box is not None
    # The jump put the node in the middle of what the tools and the inspector leave free.
    middle = {"x": (box["width"] - 330) / 2, "y": (box["height"] + 92) / 2}
    page.wait_for_timeout(400)
    stage.click(position=middle)  # type: ignore[arg-type]
    expect(page.get_by_role("complementary", name="About stg_tides")).to_be_visible()
    stage.dblclick(position=middle)  # type: ignore[arg-type]
    expect(page).to_have_title("stg_tides · pilots · Tidemill")
