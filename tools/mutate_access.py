"""Removes one access check at a time, and sees whether a test notices.

``python tools/mutate_access.py [--list] [--only TEXT ...]``. Each check is removed in a copy of the
checkout, never here; the tests of its app and the access matrix run until the first that fails. A
check that nobody misses is printed, and the status is 1. Two run at a time.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCE = Path("src") / "attune"
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True
).stdout.splitlines()
AT_ONCE = 2
SECONDS = 900
# These hold for every app; the first is quick and notices every change of a mark.
OBJECTS = "tests/project/test_access_to_objects.py"
MATRIX = "tests/project/test_access_matrix.py"
# What is not for everybody; opening it to all is the removal.
MARKS = ("MEMBER", "PRACTITIONER", "STAFF", "EDITOR", "DEMO", "NOBODY")
GUARDS = ("opens_sealed_data", "needs_step_up")
# In a query these say whose it is.
OWNERS = ("member", "user", "practitioner__user", "user_id", "member_id", "browser_hash")
# A proven address says it too; elsewhere its hash counts, or finds.
BY_ADDRESS = ("email_hash", "email_hash__in", "about_hash")
DOORS = ("access.py", "adoption.py", "queries.py", "ledger.py")
# Where refusing is decided: each of their branches is a check.
DECIDING = {
    SOURCE / "accounts" / "audience.py": (
        *("process_view", "refusal", "has_second_factor", "has_stepped_up", "guarded"),
    ),
    SOURCE / "accounts" / "origin.py": ("comes_from_here",),
    SOURCE / "booking" / "access.py": ("appointment_by_link",),
    SOURCE / "booking" / "links.py": ("code_in",),
}
# Their branches let through what the others refuse, or only choose how to refuse.
NO_CHECKS = (
    "who in (Audience.ANYONE, Audience.HOLDER)",
    "who is Audience.DEMO",
    "site is not None",
    "not is_mfa_enabled(request.user)",
    "has_second_factor(request, within=STEP_UP_LASTS)",
    "request.session.get(ENROLLING)",
)


@dataclass(frozen=True)
class Check:
    """One check: where it stands, and the text that is there without it."""

    file: Path
    line: int
    start: int
    end: int
    without: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"

    def removed_from(self, text: str) -> str:
        return text[: self.start] + self.without + text[self.end :]


def checks() -> Iterator[Check]:
    """Give every access check of the source."""
    for path in sorted((CHECKOUT / SOURCE).rglob("*.py")):
        file = path.relative_to(CHECKOUT)
        if "migrations" not in file.parts and "demo" not in file.parts:
            yield from Finder(file, path.read_text(encoding="utf-8")).found()


class Finder:
    """Finds the checks of one file."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text
        self.owners = (*OWNERS, *(BY_ADDRESS if file.name in DOORS else ()))
        self.lines = [0]
        for line in text.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def found(self) -> Iterator[Check]:
        tree = ast.parse(self.text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield from self._guards(node)
                if node.name in DECIDING.get(self.file, ()):
                    yield from self._branches(node)
            if isinstance(node, ast.Attribute) and self._is_mark(node):
                yield self._check(node, "Audience.ANYONE", f"audience {node.attr}")
            if isinstance(node, ast.Call):
                yield from self._owners(node)
                if isinstance(node.func, ast.Name) and node.func.id == "comes_from_here":
                    yield self._check(node, "True", "comes_from_here")

    def _guards(self, function: ast.FunctionDef) -> Iterator[Check]:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Name) and decorator.id in GUARDS:
                yield self._check(
                    decorator, "(lambda view: view)", f"{decorator.id} of {function.name}"
                )

    def _is_mark(self, node: ast.Attribute) -> bool:
        """Whether it says who may use something: not the places that compare with it."""
        before = self.text[: self._at(node.lineno, node.col_offset)]
        says = before.endswith("audience(") or (
            before.rstrip("\n")[-2:] == ": " and '"' in before.splitlines()[-1]
        )
        return (
            isinstance(node.value, ast.Name)
            and node.value.id == "Audience"
            and node.attr in MARKS
            and says
        )

    def _branches(self, function: ast.FunctionDef) -> Iterator[Check]:
        for node in ast.walk(function):
            if isinstance(node, ast.If):
                test = ast.unparse(node.test)
                if test not in NO_CHECKS:
                    yield self._check(node.test, "False", f"{function.name}: if {test}")
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Compare):
                yield self._check(node.value, "True", f"{function.name}: {ast.unparse(node)}")

    def _owners(self, call: ast.Call) -> Iterator[Check]:
        is_query = isinstance(call.func, ast.Attribute) and call.func.attr in ("filter", "get")
        if is_query or (isinstance(call.func, ast.Name) and call.func.id == "get_object_or_404"):
            for keyword in call.keywords:
                # "Of nobody yet" is no owner, and neither is another row.
                of_nobody = ast.unparse(keyword.value).startswith(("None", "OuterRef"))
                if keyword.arg in self.owners and not of_nobody:
                    what = f"{ast.unparse(keyword)} in {ast.unparse(call.func)[:60]}"
                    yield self._check(keyword, "**{}", what)

    def _check(self, node: ast.expr | ast.keyword, without: str, what: str) -> Check:
        start = self._at(node.lineno, node.col_offset)
        end = self._at(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Check(self.file, node.lineno, start, end, without, what)

    def _at(self, line: int, column: int) -> int:
        """Return where a place is in the text; columns count bytes of UTF-8."""
        begin = self.lines[line - 1]
        row = self.text[begin : self.lines[line]].encode()
        return begin + len(row[:column].decode())


def tests_for(check: Check) -> list[str]:
    """Return what could notice, the likeliest first: the tests of the app, and the matrix."""
    inside = check.file.relative_to(SOURCE)
    module = ".".join(("attune", *inside.with_suffix("").parts))
    of_the_app = sorted(
        (name for name in TRACKED if name.startswith(f"tests/{inside.parts[0]}/test_")),
        key=lambda name: module not in (CHECKOUT / name).read_text(encoding="utf-8"),
    )
    return [OBJECTS, *of_the_app, MATRIX]


class Copies:
    """Copies of the checkout to break, each with a database of its own on one test server."""

    def __init__(self, folder: Path, host: str) -> None:
        self.host = host
        self.free: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            copy = folder / f"copy{number}"
            for name in TRACKED:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(CHECKOUT / name, copy / name)
            self.free.put(copy)

    def misses(self, check: Check) -> bool:
        """Whether a test fails without this check."""
        copy = self.free.get()
        path = copy / check.file
        whole = path.read_text(encoding="utf-8")
        try:
            path.write_text(check.removed_from(whole), encoding="utf-8")
            done = self.run(copy, tests_for(check))
            if done.returncode not in (0, 1):
                raise RuntimeError(f"{check}: the tests did not run.\n{done.stdout[-3000:]}")
            return done.returncode == 1
        finally:
            path.write_text(whole, encoding="utf-8")
            self.free.put(copy)

    def run(self, copy: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ATTUNE_")
        } | {
            "PYTHONPATH": str(copy / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": f"postgresql://attune@/{copy.name}?host={self.host}",
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:xdist",
            "-p",
            "no:cacheprovider",
        ]
        return subprocess.run(
            [*command, "-m", "(access or not slow) and not browser", *tests],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            # What a broken program does to its group of processes stays there.
            start_new_session=True,
            check=False,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the checks and stop")
    parser.add_argument("--only", nargs="+", default=[""], help="only checks that hold such a text")
    chosen = parser.parse_args()
    found = [check for check in checks() if any(text in str(check) for text in chosen.only)]
    if chosen.list:
        print(*found, f"{len(found)} checks", sep="\n")
        return
    sys.path.insert(0, str(CHECKOUT / "tests"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    import settings  # what the tests themselves start

    started = time.monotonic()
    with settings.TEST_POSTGRES.running(), tempfile.TemporaryDirectory() as folder:
        copies = Copies(Path(folder), str(settings.TEST_POSTGRES.socket_dir))
        whole = copies.free.get()
        every = sorted({one for check in found for one in tests_for(check)})
        first = copies.run(whole, every)
        if first.returncode:
            sys.exit(f"With every check in its place, a test fails:\n{first.stdout[-3000:]}")
        copies.free.put(whole)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            missed = dict(
                zip(found, threads.map(lambda one: _told(copies, one), found), strict=True)
            )
    survivors = [check for check, is_missed in missed.items() if not is_missed]
    minutes = (time.monotonic() - started) / 60
    print(f"{len(found)} checks removed one at a time in {minutes:.0f} minutes:", end=" ")
    print(
        f"{len(found) - len(survivors)} were missed, {len(survivors)} were not.",
        *survivors,
        sep="\n",
    )
    sys.exit(bool(survivors))


def _told(copies: Copies, check: Check) -> bool:
    is_missed = copies.misses(check)
    print("missed  " if is_missed else "SURVIVES", check, flush=True)
    return is_missed


if __name__ == "__main__":
    main()
