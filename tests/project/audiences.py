"""Who may use each route, as it was agreed: ``audiences.txt``.

After a change that is meant, ``PYTHONPATH=src:tests python tests/project/audiences.py`` writes it
anew.
"""

from pathlib import Path

AGREED = Path(__file__).with_suffix(".txt")


def told() -> str:
    """Return a line for each route of ours, and one for each part of the site of a library."""
    from project.test_access_matrix import routes  # both need settings

    lines = {_line(str(route), route.view) for route in routes()}
    return "\n".join(sorted(lines)) + "\n"


def _line(pattern: str, view: object) -> str:
    from attune.accounts.audience import audience_of

    inner = getattr(view, "view_class", None) or getattr(view, "func", view)
    is_ours = getattr(inner, "__module__", "").startswith("attune.")
    # What a library brings changes with its version: only where it stands, and for whom.
    part = pattern if is_ours else f"/{pattern.split('/')[1]}/..."
    return f"{part} {audience_of(view) or 'refused to all'}"


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    AGREED.write_text(told(), encoding="utf-8")
