"""Why somebody was suggested, as HTML: the one component that is written in Python.

Ten people have some ninety reasons, and a macro takes four times as long over them.
"""

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _
from markupsafe import Markup

from attune.web.quick_jinja import escaped

# Text and the address of the answer that caused it, or "".
Line = tuple[str, str]

_SHAPES = {
    "fits": '<path class="line" d="M4 10.5l4 4 8-9"/>',
    "not": '<path class="line" d="M4 10h12"/>',
    "unknown": '<circle class="line line--dashed" cx="10" cy="10" r="6.5"/>',
    "also": '<path class="line" d="M4 10h12M10 4v12"/>',
}
_ICONS = {
    kind: '<svg class="icon" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"'
    f' focusable="false">{shape}</svg>'
    for kind, shape in _SHAPES.items()
}


class Why(Protocol):
    """Reasons in four parts (``finder/cards.py``)."""

    @property
    def fits(self) -> Sequence[Line]: ...
    @property
    def does_not_fit(self) -> Sequence[Line]: ...
    @property
    def unknown(self) -> Sequence[Line]: ...
    @property
    def also_counted(self) -> Sequence[Line]: ...


def reason_list(why: Why) -> Markup:
    """Return the reasons, each with a link to the answer that caused it; the rest folded away."""
    html = (
        f'<dl class="reasons">{_part("fits", _("Fits"), why.fits)}'
        f"{_part('not', _('Does not fit'), why.does_not_fit)}"
        f"{_part('unknown', _('We do not know'), why.unknown)}</dl>"
    )
    if why.also_counted:
        html += (
            f'<details class="more"><summary>{escaped(_("What else counted"))}</summary>'
            f'<dl class="reasons">{_part("also", _("Also counted"), why.also_counted)}</dl>'
            "</details>"
        )
    return Markup(html)  # noqa: S704 - every value in it was escaped


def _part(kind: str, title: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    icon, change = _ICONS[kind], escaped(_("Change"))
    html = [f'<div class="reasons__part reasons__part--{kind}"><dt>{escaped(title)}</dt>']
    for line, href in lines:
        text, link = escaped(line), ""
        if href:
            link = (
                f' <a class="reasons__change" href="{escaped(href)}">{change}'
                f'<span class="visually-hidden">: {text}</span></a>'
            )
        html.append(f"<dd>{icon}<span>{text}{link}</span></dd>")
    html.append("</div>")
    return "".join(html)
