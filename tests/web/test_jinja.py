import pytest
from django.template import engines
from jinja2 import UndefinedError


def render(source: str, **context: object) -> str:
    return engines["jinja2"].from_string(source).render(context)


def test_name_that_is_not_there_is_an_error():
    with pytest.raises(UndefinedError):
        render("{{ nobody }}")


def test_values_are_escaped():
    assert render("{{ value }}", value="<b>") == "&lt;b&gt;"


def test_sentence_may_break_lines_in_the_template():
    assert render("{% trans %}One\n  sentence.{% endtrans %}") == "One sentence."


def test_addresses_are_made_from_names():
    assert render('{{ url("help_now") }}') == "/help-now/"


def test_values_in_sentences_are_escaped_and_the_sentence_is_not():
    sentence = '{{ _("%(name)s is <b>free</b>", name=value) }}'
    assert render(sentence, value="<i>") == "&lt;i&gt; is <b>free</b>"
    assert render("{% trans name=value %}Ask {{ name }}{% endtrans %}", value="<i>") == (
        "Ask &lt;i&gt;"
    )


def test_percent_sign_in_a_sentence_stays_one():
    assert render("{% trans %}Half, 50%.{% endtrans %}") == "Half, 50%."
    assert render("{% trans n=7 %}{{ n }} of 9, 78%.{% endtrans %}") == "7 of 9, 78%."


def test_what_is_the_same_for_everybody_is_rendered_once_at_each_place():
    made = iter(range(9))
    line = "{% once %}<b>{{ made|first }}</b>{% endonce %}{{ value }}"
    template = engines["jinja2"].from_string(line)
    assert template.render({"made": made, "value": "a"}) == "<b>0</b>a"
    assert template.render({"made": made, "value": "b"}) == "<b>0</b>b"
    # Another place is another, also at the same line of a template without a name.
    assert engines["jinja2"].from_string(line).render({"made": made, "value": "c"}) == "<b>1</b>c"
