"""A project that cannot be read, and one with nothing in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPage
from tests.web.serving import serving

pytestmark = pytest.mark.browser

PROJECT = "name: shop\nversion: '1.0'\nprofile: shop\n"
PROFILE = "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project without models."""
    project = tmp_path / "shop"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(PROJECT)
    (project / "profiles.yml").write_text(PROFILE)
    return project


def test_a_project_grows_breaks_and_is_mended_before_ones_eyes(
    open_page: OpenPage, shop: Path
) -> None:
    orders = shop / "models" / "orders.sql"
    with serving(shop) as address:
        page = open_page(address, allow=("ERR_CONNECTION",))
        expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
        orders.write_text("select 1 as id")
        expect(page.get_by_role("group", name="Lineage of 1 nodes")).to_be_visible()
        orders.write_text("select * from {{ ref('custmers') }}\n")
        (shop / "models" / "customers.sql").write_text("select 1 as id")
        expect(page.get_by_text("1 fault in the project's files.")).to_be_visible()
        page.get_by_role("link", name="See what is wrong").click()
        card = page.get_by_role("article")
        expect(card).to_contain_text("custmers")
        expect(card).to_contain_text("models/orders.sql:1")
        expect(card).to_contain_text("customers")
        orders.write_text("select * from {{ ref('customers') }}\n")
        expect(page.get_by_role("heading", name="No faults")).to_be_visible()
        page.get_by_role("link", name="Lineage", exact=True).click()
        expect(page.get_by_role("group", name="Lineage of 2 nodes")).to_be_visible()
