"""The page that maps the contract for safety to tests says nothing that is not so."""

import ast
import re

import pytest

from attune.project.environment import CHECKOUT

PAGE = CHECKOUT / "docs" / "reference" / "safety.md"
LINE = re.compile(r"^\| S(\d+) \| (.+) \| (.*) \|$", re.MULTILINE)
# One test, or a whole file of them.
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def lines() -> list[tuple[int, str, str]]:
    return [(int(number), done, tests) for number, done, tests in LINE.findall(PAGE.read_text())]


def test_every_line_of_the_contract_is_there_and_names_its_tests_or_its_gap():
    assert [number for number, _done, _tests in lines()] == list(range(1, 47))
    silent = [
        number
        for number, done, tests in lines()
        if not NAMED.search(tests) and "**Gap**" not in done
    ]
    assert silent == []


@pytest.mark.parametrize("file", sorted({file for file, _name in NAMED.findall(PAGE.read_text())}))
def test_each_test_that_is_named_exists(file):
    tree = ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))
    there = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    named = {name for path, name in NAMED.findall(PAGE.read_text()) if path == file}
    assert any(one.startswith("test_") for one in there)
    assert sorted(named - there - {""}) == []


def test_nothing_in_the_column_of_tests_is_anything_else():
    strays = [
        number
        for number, _done, tests in lines()
        if NAMED.sub("", tests).replace("<br>", "").strip()
    ]
    assert strays == []
