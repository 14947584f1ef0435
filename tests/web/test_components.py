"""The parts that pages are made of: tied together for readers, and never trusting a value."""

from types import SimpleNamespace

import html5lib
import pytest
from django.template import engines

from attune.finder.cards import Card

PLANTED = '"><script>x</script>'


@pytest.fixture
def render():
    """Render a line of template that may use every component; the result is checked as HTML."""

    def parts(line: str, **context: object) -> str:
        source = f'{{% import "web/components.jinja" as c %}}{line}'
        html = engines["jinja2"].from_string(source).render(context)
        parser = html5lib.HTMLParser(strict=True)
        parser.parseFragment(html)
        return html

    return parts


def test_error_hint_and_field_belong_together(render):
    html = render(
        '{{ c.text_field("place", "Town", value="x", hint="Or postcode", error="Enter") }}'
    )
    assert 'for="place"' in html
    assert 'aria-describedby="place-hint place-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="place-hint"' in html
    assert 'id="place-error"' in html
    assert 'value="x"' in html


def test_sound_field_is_not_called_wrong(render):
    html = render('{{ c.text_field("place", "Town") }}')
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html


def test_error_summary_leads_to_each_field_and_takes_the_focus(render):
    html = render("{{ c.error_summary(errors) }}", errors=[("place", "Enter a town")])
    assert '<a href="#place">Enter a town</a>' in html
    assert "autofocus" in html
    assert render("{{ c.error_summary([]) }}").strip() == ""


@pytest.mark.parametrize("kind", ["radios", "checkboxes"])
def test_first_choice_carries_the_id_that_an_error_links_to(render, kind):
    html = render(f'{{{{ c.{kind}("where", "Where", [("a", "A"), ("b", "B", "more")]) }}}}')
    assert 'id="where" name="where" value="a"' in html
    assert 'id="where-2" name="where" value="b" aria-describedby="where-2-more"' in html


def test_chosen_values_stay_chosen(render):
    options = [("1", "One"), ("2", "Two")]
    one = render('{{ c.radios("n", "N", options, value=2) }}', options=options)
    both = render('{{ c.checkboxes("n", "N", options, values=("1", "2")) }}', options=options)
    picked = render('{{ c.choose("n", "N", options, value="2") }}', options=options)
    assert next(line for line in one.splitlines() if "checked" in line).count('value="2"') == 1
    assert both.count(" checked") == 2
    assert '<option value="2" selected>' in picked


def test_question_can_be_the_title_of_its_page(render):
    html = render('{{ c.radios("who", "Who is it for?", [("a", "A")], as_title=true) }}')
    assert '<legend class="legend-title"><h1>Who is it for?</h1></legend>' in html


def why(text: str) -> SimpleNamespace:
    """Return a reason of each kind, the first of them with an address."""
    return SimpleNamespace(
        fits=[(text, text)],
        does_not_fit=[(text, "")],
        unknown=[(text, "")],
        also_counted=[(text, "")],
    )


@pytest.mark.parametrize(
    "line",
    [
        '{{ c.text_field("n", planted, value=planted, hint=planted, error=planted) }}',
        '{{ c.text_area("n", planted, value=planted) }}',
        '{{ c.radios("n", planted, [(planted, planted, planted)]) }}',
        '{{ c.summary_list([{"label": planted, "value": planted, "href": "/x/"}]) }}',
        '{{ c.error_summary([("n", planted)]) }}',
        "{{ reason_list(why) }}",
        "{{ avatar(planted) }}{{ c.picture(planted) }}",
        '{{ c.chips([{"label": planted, "action": "/", "fields": {"n": planted}}], "", planted) }}',
    ],
)
def test_no_component_trusts_a_value(render, line):
    assert "<script" not in render(line, planted=PLANTED, why=why(PLANTED))


def test_no_card_trusts_a_value(render):
    pairs = ((PLANTED, PLANTED),)
    said = dict.fromkeys(Card._fields, PLANTED) | {
        "facts": pairs,
        "times": pairs,
        "why": why(PLANTED),
    }
    for cannot_book in ("", PLANTED):
        card = Card(**said | {"cannot_book": cannot_book})
        assert "<script" not in render("{{ people_cards([card]) }}", card=card)


def test_reasons_say_in_words_which_kind_they_are(render):
    html = render("{{ reason_list(why) }}", why=why("A reason"))
    headings = ("Fits", "Does not fit", "We do not know", "What else counted")
    assert [html.index(f">{words}<") for words in headings] == sorted(
        html.index(f">{words}<") for words in headings
    )


def test_times_after_three_days_are_folded_but_there(render):
    days = [
        {"day": f"Day {n}", "slots": [(f"2026-04-1{n}T09:00", "9:00am", "By phone")]}
        for n in range(5)
    ]
    html = render('{{ c.slot_list("start", days) }}', days=days)
    before, after = html.split("<details")
    assert before.count("<fieldset") == 3
    assert after.count("<fieldset") == 2
    assert 'id="start"' in before


def test_help_panel_calls_and_texts(render):
    samaritans = {"name": "S", "phone": "116 123", "text_number": "", "hours": "Always"}
    shout = {
        "name": "T",
        "phone": "",
        "text_number": "85258",
        "text_word": "SHOUT",
        "hours": "Always",
    }
    html = render("{{ c.help_panel(them) }}", them=[samaritans, shout])
    assert '<a href="tel:116123">Call 116 123</a>' in html
    assert '<a href="sms:85258">Text SHOUT to 85258</a>' in html


def test_help_panel_shows_six_lines_and_the_rest_at_a_press(render):
    lines = [
        {"name": f"{number}", "phone": "1", "text_number": "", "hours": "Always"}
        for number in range(8)
    ]
    shown, folded = render("{{ c.help_panel(them) }}", them=lines).split("<details")
    assert (shown.count("Call 1"), folded.count("Call 1")) == (6, 2)
    assert "<details" not in render("{{ c.help_panel(them) }}", them=lines[:6])


def test_one_page_needs_no_page_numbers(render):
    page = {"number": 1, "href": "?page=1", "is_current": True}
    assert render("{{ c.pagination([page]) }}", page=page).strip() == ""
