"""Write dist/attune.cdx.json: the bill of materials of a release, in CycloneDX 1.6.

It says what requirements.txt pins, with the hash of every file that may be installed, and the
licences as the installed packages tell them. The same lock gives the same file.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from list_licences import licence_of

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.txt"
BOM = ROOT / "dist" / "attune.cdx.json"
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)(?: ; ([^\\]+?))? \\\n((?:    --hash=.*\n?)+)", re.M
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials(lock: str) -> dict[str, Any]:
    """Return the bill of what a lock with hashes pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = list(_components(lock))
    attune = f"pkg:generic/attune@{project['version']}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, f"{attune}\n{lock}").urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": attune,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": attune, "dependsOn": [one["bom-ref"] for one in components]}],
    }


def _components(lock: str) -> Iterator[dict[str, Any]]:
    for name, version, marker, hashes in PINNED.findall(lock):
        address = f"pkg:pypi/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": address,
            "name": name,
            "version": version,
            "purl": address,
            # One for each file of this version; an installation takes one of them.
            "hashes": [{"alg": "SHA-256", "content": one} for one in HASH.findall(hashes)],
            "licenses": _licences(name),
            "properties": [{"name": "attune:only-where", "value": marker}] if marker else [],
        }


def _licences(name: str) -> list[dict[str, Any]]:
    try:
        return [{"license": {"name": licence_of(name)}}]
    except PackageNotFoundError:
        return []  # locked for another platform


if __name__ == "__main__":
    bill = bill_of_materials(LOCK.read_text(encoding="utf-8"))
    BOM.parent.mkdir(exist_ok=True)
    BOM.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{BOM.relative_to(ROOT)}: {len(bill['components'])} packages")
