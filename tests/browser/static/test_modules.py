"""The script of the notebook page: complete, small enough, and built from what is committed."""

import gzip
import json
import re

import pytest

from server.files import static_folder, templates_folder

ORDINARY_BYTES = 30_000
CODE_PAGE_BYTES = 200_000
WHEN_NEEDED = {"preview", "choose-version", "conflict", "compare"}


def scripts() -> dict[str, bytes]:
    folder = static_folder() / "notebook"
    return {path.relative_to(folder).with_suffix("").as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.js"))}


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def listed_modules() -> list[str]:
    template = (templates_folder() / "exercise" / "_modules.html").read_text()
    found = re.search(r"set modules = (\[.*?\])", template, re.DOTALL)
    assert found is not None
    return list(json.loads(re.sub(r",\s*\]", "]", found.group(1))))


def test_the_template_lists_every_module_of_the_folder() -> None:
    assert listed_modules() == sorted(scripts())


def test_every_import_leads_to_a_module_that_exists() -> None:
    missing = []
    for name, content in scripts().items():
        if name == "editor":
            continue
        folder = (static_folder() / "notebook" / name).parent
        for target in re.findall(r'(?:from|import\()\s*"(\.[^"]+)"', content.decode()):
            if not (folder / target).resolve().is_file():
                missing.append(f"{name} imports {target}")
    assert missing == []


@pytest.mark.parametrize("other", ["sitting", "self-mark"], ids=["practice", "take-home"])
def test_a_code_page_needs_less_than_200_kilobytes_of_script(other: str) -> None:
    """`other`: a module that such a page never loads."""
    assert sum(packed(content) for name, content in scripts().items() if name not in WHEN_NEEDED | {other}) < CODE_PAGE_BYTES


def test_the_script_of_ordinary_pages_stays_under_30_kilobytes() -> None:
    assert packed((static_folder() / "page.js").read_bytes()) < ORDINARY_BYTES


def test_the_editor_says_where_it_comes_from_and_carries_its_licence() -> None:
    editor = (static_folder() / "notebook" / "editor.js").read_text()
    assert editor.startswith("/* Built from editor/ by `make editor`")
    assert "Marijn Haverbeke" in (static_folder() / "notebook" / "editor-licence.txt").read_text()


def test_no_module_writes_markup_that_it_made_itself() -> None:
    """Only what the server rendered becomes markup, in one place."""
    users = [name for name, content in scripts().items() if name != "editor" and b"innerHTML" in content]
    assert users == ["dom", "frame"]
