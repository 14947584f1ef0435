"""The bill of materials says what the lock says: no more, no less."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.fixture
def bill(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    from make_bom import bill_of_materials  # a tool, and no part of a package

    yield bill_of_materials
    for name in ("make_bom", "list_licences"):
        sys.modules.pop(name)


def test_it_lists_each_pinned_package_with_all_its_hashes_and_nothing_else(bill):
    found = {
        (one["name"], one["version"]): {each["content"] for each in one["hashes"]}
        for one in bill(LOCK)["components"]
    }
    pinned: dict[tuple[str, str], set[str]] = {}
    for line in LOCK.splitlines():
        if "==" in line.partition(";")[0]:
            name, version = line.split(" ")[0].split("==")
            hashes = pinned.setdefault((name, version), set())
        else:
            hashes.add(line.partition("sha256:")[2].removesuffix(" \\"))
    assert found == pinned
    assert all(pinned.values())
    assert len(found) == len(re.findall("==", LOCK.replace("== '", "")))


def test_the_same_lock_makes_the_same_bill_and_another_lock_another(bill):
    assert bill(LOCK) == bill(LOCK)
    other = LOCK.replace("sha256:1", "sha256:2", 1)
    assert bill(other)["serialNumber"] != bill(LOCK)["serialNumber"]


def test_it_is_of_the_shape_that_cyclonedx_1_6_asks_for(bill):
    made = bill(LOCK)
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs))
    assert made["dependencies"] == [
        {"ref": made["metadata"]["component"]["bom-ref"], "dependsOn": refs}
    ]


def test_nearly_every_package_tells_its_licence(bill):
    silent = [one["name"] for one in bill(LOCK)["components"] if not one["licenses"]]
    # Locked for other systems than this one.
    assert set(silent) <= {"colorama", "tzdata"}
