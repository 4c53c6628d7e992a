"""Docs blocks and the descriptions that call for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidemill.engine.nodes import Doc
from tidemill.engine.parsing.docs import Description, DocsLookup, docs_of_file, render_description
from tidemill.engine.project.files import ProjectFile
from tidemill.errors import CompilationError, Place


def _doc(name: str, text: str, package: str = "shop") -> Doc:
    return Doc(
        unique_id=f"doc.{package}.{name}",
        name=name,
        package_name=package,
        path="docs.md",
        original_file_path="models/docs.md",
        block_contents=text,
    )


LOOKUP = DocsLookup(
    [
        _doc("a", "An A."),
        _doc("b", "A {{ raw }} B."),
        _doc("a", "Theirs.", "lib"),
        _doc("only", "O", "lib"),
    ],
    root="shop",
)


def _render(text: str, package: str = "shop") -> Description:
    return render_description(text, LOOKUP, package, {"var": lambda name: f"<{name}>"})


@pytest.mark.parametrize(
    ("text", "rendered", "blocks"),
    [
        ("", "", ()),
        ("plain\n", "plain\n", ()),
        ("{{ doc('a') }}", "An A.", ("doc.shop.a",)),
        (
            "{{doc(\"a\")}} and {{ doc( 'b' ) }}",
            "An A. and A {{ raw }} B.",
            ("doc.shop.a", "doc.shop.b"),
        ),
        ("{{ doc('lib', 'a') }}\n", "Theirs.", ("doc.lib.a",)),
        ("{{ doc('only') }}", "O", ("doc.lib.only",)),
        ("{{ doc('a') }} on {{ var('x') }}", "An A. on <x>", ("doc.shop.a",)),
        ("x {{- doc('a') -}} y", "xAn A.y", ("doc.shop.a",)),
        ("{{ doc('a') | upper }}", "AN A.", ("doc.shop.a",)),
        ("{# note #}{{ doc('a') }}", "An A.", ("doc.shop.a",)),
    ],
)
def test_descriptions(text: str, rendered: str, blocks: tuple[str, ...]) -> None:
    assert _render(text) == Description(rendered, blocks)


def test_the_root_project_s_block_wins_and_then_the_package_s_own() -> None:
    assert _render("{{ doc('a') }}", "lib").text == "An A."
    assert (
        DocsLookup([_doc("z", "1", "x"), _doc("z", "2", "y")], "shop")
        .find("z", None, "y")
        .block_contents
        == "2"
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ doc('onyl') }}", "there is no docs block 'onyl'", "did you mean 'only'?"),
        ("{{ doc('lib', 'b') }}", "there is no docs block 'b' in the package 'lib'", None),
        ("{{ doc() }}", "doc() takes a name, or a package and a name", None),
        ("{{ doc('a' }}", "could not render the text: unexpected '}'", None),
        ("{{ 1 + 'a' }}", "could not render the text: unsupported operand", None),
    ],
)
def test_faults(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(CompilationError) as caught:
        _render(text)
    assert caught.value.fault.message.startswith(message)
    assert hint is None or caught.value.fault.hint == hint


def test_blocks_of_a_file(tmp_path: Path) -> None:
    text = "# Title\n{% docs a %}\n\n  One.\n{% enddocs %}\n{% docs b %}{{ 'x' ~ 1 }} {% raw %}{{ y }}{% endraw %}{% enddocs %}\n"
    (tmp_path / "d.md").write_text(text, encoding="utf-8")
    file = ProjectFile(package="shop", path="d.md", relative_path="d.md", root=tmp_path)
    assert {doc.unique_id: doc.block_contents for doc in docs_of_file(file)} == {
        "doc.shop.a": "One.",
        "doc.shop.b": "x1 {{ y }}",
    }


def test_a_broken_block_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("\n\n{% docs a %}{{ 1 + }}{% enddocs %}", encoding="utf-8")
    file = ProjectFile(package="shop", path="d.md", relative_path="d.md", root=tmp_path)
    with pytest.raises(CompilationError) as caught:
        docs_of_file(file)
    assert caught.value.fault.place == Place(file="d.md", line=3)
