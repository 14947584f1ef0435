"""Jinja at a lower price for a page that prints some thousand values.

What a template means stays the same; ``tests/web/test_jinja.py`` holds it to that.
"""

import re
from collections.abc import Callable, Hashable, MutableMapping
from itertools import count
from typing import Any

from django.utils import translation
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup, escape

_holds_markup = re.compile("[&<>'\"]").search


def escaped(value: Any) -> str:
    """Return ``value`` safe for HTML: as it is, where it is safe already.

    MarkupSafe wraps each value in a new object, which costs more than all the rest of printing it;
    nearly none holds a character that means something in HTML.
    """
    kind = value.__class__
    if kind is Markup or (kind is str and _holds_markup(value) is None):
        return value  # type: ignore[no-any-return]  # text, as the line above says
    return escape(value)


def translated(sentence: str, **values: object) -> Markup:
    """Return a sentence with its values escaped: what Jinja's ``gettext`` does in five calls."""
    found = Markup(translation.gettext(sentence))  # noqa: S704 - written by us, not by a visitor
    return found % values if "%" in found else found


class Once(Extension):
    """``{% once %}...{% endonce %}``: what is the same for everybody, rendered once a language
    and look of the site."""

    tags = {"once"}  # noqa: RUF012 - declared by Jinja

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._places = count()
        self._kept: dict[tuple[int, Hashable], Markup] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        rendered = self.call_method("_rendered", [nodes.Const(next(self._places))])
        return nodes.CallBlock(rendered, [], [], body).set_lineno(line)

    def _rendered(self, place: int, caller: Callable[[], Markup]) -> Markup:
        key = place, self.environment.kept_for()  # type: ignore[attr-defined]  # ours
        if key not in self._kept:
            self._kept[key] = caller()
        return self._kept[key]


class QuickCodeGenerator(CodeGenerator):
    """Writes ``escaped`` where Jinja would write its ``escape``."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        is_escaped = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if is_escaped and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class QuickEnvironment(Environment):
    code_generator_class = QuickCodeGenerator
    escaped = staticmethod(escaped)
    # What pages that are the same for everybody still depend on.
    kept_for: Callable[[], Hashable] = staticmethod(translation.get_language)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template: ours, which each rendering copies, as a dictionary.

        Jinja chains them, and copying a chain asks for every name anew.
        """
        return self.globals if not d else super().make_globals(d)
