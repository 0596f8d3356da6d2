"""The page that measures the program against OWASP ASVS 5.0 tells no more than there is."""

import ast
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from tests.architecture.test_house_rules import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
WORDS = ("met", "partly", "not met", "not applicable")
ROW = re.compile(
    r"^\| v5\.0\.0-(?P<number>[\d.]+) \| (?P<level>[12]) \| (?P<subject>.+?) "
    r"\| (?P<is_>[^|]+?) \| (?P<where>.+) \|$",
    re.MULTILINE,
)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(
    r"`((?:wesentra|templates|static|tests|docs|requirements)/[\w./-]+|pyproject\.toml)`"
)
PART = re.compile(r"`docs/security\.md`, \*([\w ]+)\*")
DECISION = re.compile(r"README, \*([\w ]+)\*")


class Row(NamedTuple):
    """One requirement and what is said of it."""

    number: str
    level: str
    subject: str
    is_: str
    where: str

    @property
    def chapter(self) -> int:
        return int(self.number.partition(".")[0])


ROWS = [Row(**found.groupdict()) for found in ROW.finditer(PAGE)]


@cache
def names_in(file: str) -> frozenset[str]:
    """The functions of a file of tests."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def numbers_of(level: str) -> list[str]:
    """The numbers that the page says there are of a level."""
    (said,) = re.findall(rf"^Level {level}, \d+ requirements:\n\n```\n(.*?)```", PAGE, re.M | re.S)
    found = []
    for one in said.split():
        section, _, last = one.rpartition(".")
        for part in last.split(","):
            first, _, until = part.partition("-")
            found += [f"{section}.{n}" for n in range(int(first), int(until or first) + 1)]
    return found


@pytest.mark.parametrize(("level", "count"), [("1", 70), ("2", 183)])
def test_every_requirement_stands_there_once(level: str, count: int) -> None:
    numbers = numbers_of(level)
    assert len(set(numbers)) == len(numbers) == count
    assert sorted(row.number for row in ROWS if row.level == level) == sorted(numbers)
    assert f"Level {level}, {count} requirements" in PAGE


def test_no_row_is_passed_over() -> None:
    """A row that the pattern does not read would be judged by nobody."""
    assert len(ROWS) == PAGE.count("\n| v5.0.0-") == 253


def test_every_row_has_one_of_the_four_words_and_a_reason() -> None:
    for row in ROWS:
        assert row.is_ in WORDS, row.number
        assert len(row.where) > 5, row.number


def test_what_is_met_says_where() -> None:
    """By a test, or by a file that says it; by a test for most."""
    for row in ROWS:
        named = TEST.findall(row.where) or FILE.findall(row.where) or DECISION.findall(row.where)
        assert named or row.is_ != "met" or "there are none" in row.where, row.number
    tested = [row for row in ROWS if row.is_ == "met" and TEST.search(row.where)]
    assert len(tested) * 4 > 3 * sum(row.is_ == "met" for row in ROWS)


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE)
    assert len(named) > 150
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


def test_every_file_that_is_named_is_there() -> None:
    security = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = {*FILE.findall(PAGE), *FILE.findall(security)}
    assert sorted(file for file in named if not (ROOT / file).exists()) == []


def test_every_part_of_the_documents_that_is_named_is_there() -> None:
    security = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for part in PART.findall(PAGE):
        assert f"\n## {part}\n" in security, part
    for said in DECISION.findall(PAGE + security):
        assert said in readme, said


def test_the_summary_counts_the_rows() -> None:
    lines = []
    for chapter in range(1, 18):
        count = Counter(row.is_ for row in ROWS if row.chapter == chapter)
        lines.append(f"| V{chapter} | " + " | ".join(str(count[word]) for word in WORDS) + " |")
    total = Counter(row.is_ for row in ROWS)
    lines.append("| **all 253** | " + " | ".join(f"**{total[word]}**" for word in WORDS) + " |")
    first = Counter(row.is_ for row in ROWS if row.level == "1")
    lines.append("| of level 1 (70) | " + " | ".join(str(first[word]) for word in WORDS) + " |")
    assert "\n".join(lines) in PAGE, "\n" + "\n".join(lines)
