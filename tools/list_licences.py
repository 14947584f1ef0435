"""Write docs/reference/licences.md: every package in the run-time lock, with its licence.

Run it after `make lock`, inside the environment that holds the locked packages.
"""

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "licences.md"
HEAD = """# Licences of what Attune runs on

Made by `tools/list_licences.py` from `requirements.txt` and the packages' own metadata.
The embedded PostgreSQL is under the PostgreSQL Licence.
Place names come from GeoNames (CC BY 4.0); the site shows the attribution.

| package | version | licence |
| --- | --- | --- |
"""


def licence_of(package: str) -> str:
    """Return a package's licence as its metadata tells it, the shortest clear form."""
    told = metadata(package)
    if told["License-Expression"]:
        return str(told["License-Expression"])
    classifiers = [
        line.rpartition(":: ")[2]
        for line in told.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    first_line = str(told["License"] or "").strip().splitlines()[:1]
    return ", ".join(classifiers) or "".join(first_line) or "see the package"


def rows() -> list[str]:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==\S+", lock, re.MULTILINE)))
    found = []
    for package in packages:
        try:
            found.append(f"| {package} | {metadata(package)['Version']} | {licence_of(package)} |")
        except ModuleNotFoundError:
            continue  # locked for another platform
    return found


if __name__ == "__main__":
    PAGE.write_text(HEAD + "\n".join(rows()) + "\n", encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rows())} packages")
