"""What words in the library may not hold."""

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from attune.content import prose
from attune.content.blocks import RICH_TEXT_FEATURES
from attune.vocabulary.models import CrisisContact

KNOWN = prose.EMERGENCY_NUMBERS | {"116123", "85258", "0800585858", "08001111", "08088088000"}
AS_PLAIN = "Paste it again as plain text (Ctrl+Shift+V)."


@pytest.mark.parametrize(
    "words",
    [
        *("Call 999.", "999", "Ring 112 or go to A&E", "NHS 111", "NHS111", "Dial 911"),
        *("111 is open 24 hours", "Call 111 24 hours a day", "999 if people are in danger"),
        *("116 123", "116123", "(116 123)", "116-123", "116\u00a0123", "116 123 24/7"),
        *("116 123 seven days a week", "Samaritans, 116 123, 24-7", "９９９", "111 – 24 hours"),
        *("0800 58 58 58", "0800585858", "+44 800 58 58 58", "0044 (0)800 585858", "0800.1111"),
        *("text SHOUT to 85258", "Call 999 people", "0808 808 8000, free"),
    ],
)
def test_a_crisis_number_is_found_however_it_is_typed(words):
    assert len(prose.crisis_numbers_in(words, KNOWN)) == 1


@pytest.mark.parametrize(
    "words",
    [
        *("£999", "costs £111 a month", "€112", "1,999", "999,000", "111.5", "999%"),
        *("12 to 16 sessions", "in 2026", "aged 16", "100 to 111", "111 to 120", "16–25"),
        *("111 people", "112 older adults", "111 trials", "111 sessions", "40 out of 111"),
        *("pages 111-119", "Psychiatry 111, 20-30", "Lancet 112(3), 1", "NG111", "CG112"),
        *("020 7999 8000", "0300 999 1212", "01632 116 123", "0116 123 4567", "+44 20 7111 2222"),
        *("0345 300 1111", "85,258 people", "£85258", "scores of 9 9 9", "no figure at all"),
    ],
)
def test_other_figures_are_no_crisis_number(words):
    assert prose.crisis_numbers_in(words, KNOWN) == []


@pytest.mark.django_db
def test_every_number_of_the_crisis_contacts_is_refused():
    rows = CrisisContact.objects.values_list("phone", "text_number")
    for number in {one for row in rows for one in row if one}:
        (fault,) = prose.faults_in_words(f"You can also try {number} at night.")
        assert f"Take out the number {number}." in fault


@pytest.mark.django_db
def test_the_emergency_number_is_refused_when_no_contact_is_kept():
    CrisisContact.objects.all().delete()
    assert prose.crisis_numbers_in("Call 999.") == ["999"]


@pytest.mark.django_db
def test_words_without_a_figure_ask_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert prose.faults_in_words("Talk to somebody you trust.") == []
    with django_assert_num_queries(0):
        assert prose.faults_in_html("<p>In 2026.</p>", KNOWN) == []


def test_a_link_that_calls_a_crisis_number_is_refused_once():
    (fault,) = prose.faults_in_html('<p><a href="tel:116123">116123</a></p>', KNOWN)
    assert "116123" in fault
    assert prose.faults_in_html('<p><a href="tel:116123">Samaritans</a></p>', KNOWN) == [fault]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p>a</p><script src=x",
        "<p>a</p><img src=x onerror=alert(1)",
        '<p onclick="x">a</p>',
        "<p/onclick=x>a</p>",
        '<p><a href="https://x.org" onclick>a</a></p>',
        '<p><a href="javascript:x">a</a></p>',
        '<p><a href="java\tscript:x">a</a></p>',
        '<p><a href="&#106;avascript:x">a</a></p>',
        '<p><a href="data:text/html,x">a</a></p>',
        "<iframe src=x></iframe>",
        "<svg><script>x</script></svg>",
        "<style>p {}</style><p>a</p>",
        '<p style="color: red">a</p>',
        "<p>a<!-- b --></p>",
        prose.BROKEN,
    ],
)
def test_code_in_a_rich_text_is_refused_in_one_sentence(html):
    assert prose.faults_in_html(html, KNOWN) == [
        f"This text holds code that pages may not have. {AS_PLAIN}"
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<p class="MsoNormal">a</p>',
        '<p style="mso-list: l0">a</p>',
        "<p>a<o:p></o:p></p>",
        "<!--[if gte mso 9]>a<![endif]-->",
        "<p>Normal 0 false false false EN-GB X-NONE</p>",
        "<p>StartFragment</p>",
    ],
)
def test_leftovers_of_a_word_processor_are_refused_in_one_sentence(html):
    assert prose.faults_in_html(html, KNOWN) == [
        f"This text holds leftovers of a word processor. {AS_PLAIN}"
    ]


@pytest.mark.parametrize(
    "broken", ["\ufffd", "\x01", "\x85", "\u200b", "\u202e", "\uf0b7", "â€™", "Â£", "&amp;nbsp;"]
)
def test_damaged_characters_are_refused_where_they_stand(broken):
    assert prose.faults_in_html(f"<p>Words that are{broken} broken here.</p>", KNOWN) == [
        (
            'Some characters were damaged in pasting, near "Words that are broken here.". '
            "Type that part again."
        )
    ]


@pytest.mark.parametrize("words", ["a <b>word</b>", "<!-- x -->", "go to javascript:alert(1)"])
def test_code_typed_as_words_is_refused_in_one_sentence(words):
    assert prose.faults_in_words(words, KNOWN) == [
        "Take out the code (< and what follows it), or write it in words."
    ]


def test_a_heading_in_a_rich_text_is_refused():
    assert prose.faults_in_html("<h1>Title</h1><p>a</p>", KNOWN) == [
        "Take the heading out of this text, and put a heading block in its place."
    ]


def test_a_link_that_lost_its_address_is_refused_by_its_words():
    assert prose.faults_in_html("<p>See <a>this <b>book</b></a>.</p>", KNOWN) == [
        'Choose where the link "this book" leads, or take it out.'
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "html",
    [
        "<p>Plain words: it's “fine”, 5 &lt; 6 &amp; naïve, à la Ã la carte.</p>",
        '<p>A <a href="https://x.org/?a=1&amp;b=2">link</a>, <a href="mailto:a@x.org">mail</a></p>',
        '<p><a href="/x/">ours</a> and <a href="#a">here below</a>.</p>',
        "<ol><li>one<ul><li><b>two <i>three</i></b></li></ul></li></ol><p>a<br/>b\u00a0c</p>",
        "",
    ],
)
def test_what_the_editor_makes_is_fine(html):
    editor = ContentstateConverter(features=RICH_TEXT_FEATURES)
    assert prose.faults_in_html(html, KNOWN) == []
    made = editor.to_database_format(editor.from_database_format(html))
    assert prose.faults_in_html(made, KNOWN) == []


def test_plain_words_have_a_line_for_each_paragraph_and_item():
    html = "<p>One &amp; <b>two</b></p><ul><li>a<ul><li>b</li></ul></li></ul><p>c<br/>d</p>"
    assert prose.plain(html) == "One & two\na\nb\nc\nd"
