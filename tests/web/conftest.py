"""The browser, the projects that it looks at, and a page that forgives no error in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.web.serving import ROOT, copied, serving, serving_generated, tidemill

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pilots_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small project, built: nine nodes in the graph, eleven things to run."""
    project = copied(ROOT / "tests" / "projects" / "pilots", tmp_path_factory.mktemp("pilots"))
    tidemill(project, "build")
    with serving(project) as address:
        yield address


@pytest.fixture(scope="session")
def large_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A thousand nodes, two builds of history."""
    folder = tmp_path_factory.mktemp("large")
    with serving_generated(folder, nodes=1000, seconds=0.02) as address:
        yield address


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Open an address in a fresh browser context; at the end take a picture and look for errors.

    ``allow`` names texts of console errors that belong to the journey.
    """
    opened: list[tuple[Page, list[str], tuple[str, ...]]] = []

    def open_at(address: str, *, allow: tuple[str, ...] = (), **options: object) -> Page:
        settings: dict[str, object] = {"viewport": {"width": 1440, "height": 900}, **options}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _note(message, errors))
        opened.append((page, errors, allow))
        page.goto(address)
        return page

    yield open_at
    for number, (page, errors, allow) in enumerate(opened):
        page.screenshot(path=tmp_path / f"{request.node.name}-{number}.png")
        page.context.close()
        unexpected = [error for error in errors if not any(text in error for text in allow)]
        assert unexpected == []


def _note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error":
        errors.append(f"{message.text} {message.location.get('url', '')}")


@pytest.fixture
def page(open_page: OpenPage, pilots_address: str) -> Page:
    """The lineage of the small project."""
    page = open_page(pilots_address)
    expect(page.get_by_role("group", name="Lineage of 9 nodes")).to_be_visible()
    return page
