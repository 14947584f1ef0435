"""Who may import whom. What a module imports inside a function counts too."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import attune

SOURCE = Path(attune.__file__).parent
# Each may import itself and what stands to its right.
PACKAGES = (
    *("project", "demo", "web", "content", "enquiries", "finder", "booking", "directory"),
    *("offers", "privacy", "accounts", "outbox", "vocabulary", "interop", "core"),
)
# Inside an app. Modules with other names are the app's own parts and stand with queries.
LAYERS = (("urls",), ("views", "api"), ("forms",), ("actions",), ("queries", "access"), ("models",))


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that the file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the full name of what is imported"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours() -> Iterator[tuple[str, str, Path]]:
    """Yield (package, module, file) for every file of ours outside the migrations."""
    for path in sorted(SOURCE.rglob("*.py")):
        package, *rest = path.relative_to(SOURCE).with_suffix("").parts
        if rest and "migrations" not in rest:
            yield package, rest[0], path


def test_every_package_has_its_place_in_the_order():
    assert {package for package, _, _ in ours()} <= set(PACKAGES)


def test_packages_import_only_what_stands_to_their_right():
    strays = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for package, _, path in ours()
        for name in imports(path)
        if name.startswith("attune.")
        and PACKAGES.index(name.split(".")[1]) < PACKAGES.index(package)
    ]
    assert strays == []


def test_nobody_but_project_and_demo_imports_the_web_package():
    strays = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for package, _, path in ours()
        for name in imports(path)
        if name.startswith("attune.web") and package not in ("project", "demo", "web")
    ]
    assert strays == []


def test_inside_an_app_modules_import_only_what_stands_to_their_right():
    height = {name: level for level, names in enumerate(LAYERS) for name in names}
    strays = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for package, module, path in ours()
        if module in height
        for name in imports(path)
        if name.startswith(f"attune.{package}.")
        and height.get(name.split(".")[2], height[module]) < height[module]
    ]
    assert strays == []


def test_core_imports_only_the_standard_library_numpy_and_itself():
    allowed = sys.stdlib_module_names | {"numpy"}
    strays = {
        f"{path.relative_to(SOURCE)} imports {name}"
        for package, _, path in ours()
        if package == "core"
        for name in imports(path)
        if name.split(".")[0] not in allowed and not name.startswith("attune.core")
    }
    assert strays == set()


def test_core_knows_no_clock_no_chance_no_file_and_no_network():
    impure = ("random", "secrets", "time", "socket", "os", "pathlib", "subprocess", "urllib")
    calls = ("now", "utcnow", "today", "open", "monotonic", "default_rng")
    strays = set()
    for package, _, path in ours():
        if package == "core":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            strays |= {
                f"{path.name} imports {n}" for n in imports(path) if n.split(".")[0] in impure
            }
            strays |= {f"{path.name} calls {name}" for name in _called(tree) if name in calls}
    assert strays == set()


def _called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_an_import_inside_a_function_says_why():
    strays = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for _, _, path in ours()
        for node in _inline_imports(ast.parse(path.read_text(encoding="utf-8")))
        if not _has_reason(path.read_text(encoding="utf-8").splitlines(), node.lineno)
    ]
    assert strays == []


def _inline_imports(tree: ast.Module) -> Iterator[ast.stmt]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        yield from (n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom))


def _has_reason(lines: list[str], number: int) -> bool:
    """A comment at the end of the line, or above the block of imports that it stands in."""
    if "#" in lines[number - 1]:
        return True
    above = number - 2
    while lines[above].lstrip().startswith(("import ", "from ")):
        above -= 1
    return lines[above].lstrip().startswith("#")
