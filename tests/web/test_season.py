"""The example that `make demo` shows, built and looked at from the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OpenPage
from tests.web.serving import ROOT, copied, serving

pytestmark = pytest.mark.browser


def test_a_season_is_built_from_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    project = copied(ROOT / "examples" / "season", tmp_path)
    with serving(project) as address:
        page = open_page(address, allow=("ERR_CONNECTION",))
        groups = page.get_by_role("list", name="Groups")
        expect(groups.get_by_role("button", name="Not built")).to_be_visible()
        page.get_by_role("button", name="Build all").click()
        expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("main")).to_contain_text("Success")
        page.get_by_role("link", name="Lineage", exact=True).click()
        expect(groups.get_by_role("button", name="Built")).to_be_visible()
        expect(groups.get_by_role("button", name="Not built")).to_be_hidden()
        page.goto(f"{address}/nodes/model.season.team_outlook?tab=rows")
        expect(page.get_by_text("30 rows, 13 columns")).to_be_visible()
