"""The pieces that an editor makes a page of.

Each holds words and choices only. How it looks is in ``jinja2/content/_blocks.jinja``; what it may
not hold is said by ``prose.py``, in the sentence that the editor reads.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from attune.content.prose import faults_in_html, faults_in_words

# No heading of the first level, no styles, no embedded things of other sites.
RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class RichTextBlock(blocks.RichTextBlock):
    """Paragraphs and lists. Sources are typed as [1] or [1, 3]."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"features": RICH_TEXT_FEATURES} | options)

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if faults := faults_in_html(value.source if value else ""):
            raise ValidationError(faults[0])
        return value

    def deconstruct(self) -> Any:
        return ("wagtail.blocks.RichTextBlock", *super().deconstruct()[1:])


class WordsBlock(blocks.CharBlock):
    """One line of words, held to the same rules as longer texts."""

    def clean(self, value: str) -> Any:
        value = super().clean(value)
        if faults := faults_in_words(value):
            raise ValidationError(faults[0])
        return value

    def deconstruct(self) -> Any:
        return ("wagtail.blocks.CharBlock", *super().deconstruct()[1:])


class HeadingBlock(blocks.StructBlock):
    text = WordsBlock(max_length=100)
    level = blocks.ChoiceBlock(choices=[("2", "h2"), ("3", "h3"), ("4", "h4")], default="2")

    class Meta:
        icon = "title"
        label_format = "{text}"


class StepBlock(blocks.StructBlock):
    title = WordsBlock(max_length=100)
    text = RichTextBlock()


class DontBlock(WordsBlock):
    def clean(self, value: str) -> Any:
        value = super().clean(value)
        if value and not value.casefold().startswith("do not"):
            raise ValidationError(_('Begin with "do not".'))
        return value


class DoListBlock(blocks.StructBlock):
    title = WordsBlock(max_length=100, default=gettext_lazy("What can help"))
    items = blocks.ListBlock(WordsBlock(max_length=200), min_num=1)

    class Meta:
        icon = "tick"
        label_format = "{title}"


class DontListBlock(blocks.StructBlock):
    title = WordsBlock(max_length=100, default=gettext_lazy("What to leave out"))
    items = blocks.ListBlock(DontBlock(max_length=200), min_num=1)

    class Meta:
        icon = "cross"
        label_format = "{title}"


class CareCardBlock(blocks.StructBlock):
    """When to get help. The numbers to call come from the crisis contacts by themselves."""

    level = blocks.ChoiceBlock(
        choices=[
            ("non-urgent", gettext_lazy("Not urgent")),
            ("urgent", gettext_lazy("Urgent")),
            ("emergency", gettext_lazy("Emergency")),
        ]
    )
    title = WordsBlock(
        max_length=100, help_text=gettext_lazy('"Do X if:", as in "Talk to a GP if:"')
    )
    items = blocks.ListBlock(WordsBlock(max_length=200), min_num=1)

    class Meta:
        icon = "warning"
        label_format = "{title}"


class DetailsBlock(blocks.StructBlock):
    title = WordsBlock(max_length=100)
    text = RichTextBlock()

    class Meta:
        icon = "collapse-down"
        label_format = "{title}"


class EvidenceBoxBlock(blocks.StructBlock):
    """The statements about the page's own therapy or issue, or about those chosen here."""

    therapy_type = SnippetChooserBlock("vocabulary.TherapyType", required=False)
    issue = SnippetChooserBlock("vocabulary.PresentingIssue", required=False)

    class Meta:
        icon = "list-ul"


class SourceBlock(blocks.StructBlock):
    label = WordsBlock(max_length=200)
    publisher = WordsBlock(max_length=120)
    url = blocks.URLBlock(max_length=300)
    published = WordsBlock(max_length=40, required=False)
    read_on = blocks.DateBlock(label=gettext_lazy("Read on"))

    class Meta:
        icon = "link-external"
        label_format = "{label}"


class PromptBlock(blocks.StructBlock):
    question = WordsBlock(max_length=160)
    hint = WordsBlock(max_length=200, required=False)
    lines = blocks.IntegerBlock(min_value=2, max_value=20, default=6)

    class Meta:
        icon = "help"
        label_format = "{question}"


STEPS = ("steps", blocks.ListBlock(StepBlock(), min_num=1, icon="list-ol"))
SELF_HELP = [("do_list", DoListBlock()), ("dont_list", DontListBlock())]
CARE_CARD = ("care_card", CareCardBlock())
ONE_OF_EACH = {name: {"max_num": 1} for name in ("evidence_box", "cta", "practitioner_strip")}

BODY: list[tuple[str, blocks.Block]] = [
    ("heading", HeadingBlock()),
    ("rich_text", RichTextBlock()),
    STEPS,
    *SELF_HELP,
    CARE_CARD,
    ("inset", RichTextBlock(icon="pilcrow")),
    ("details", DetailsBlock()),
    ("quote", SnippetChooserBlock("content.Testimonial", icon="openquote")),
    ("evidence_box", EvidenceBoxBlock()),
    ("faq", blocks.ListBlock(SnippetChooserBlock("content.FAQ"), min_num=1, icon="help")),
    ("image", ImageBlock()),
    (
        "cta",
        blocks.StaticBlock(icon="pick", admin_text=gettext_lazy("The page's own call to action")),
    ),
    (
        "practitioner_strip",
        blocks.StaticBlock(icon="group", admin_text=gettext_lazy("Three people")),
    ),
    (
        "organisation_list",
        blocks.ListBlock(SnippetChooserBlock("content.Organisation"), min_num=1, icon="site"),
    ),
]


class TitledBlock(blocks.StructBlock):
    """A part of the first page under its own heading."""

    title = WordsBlock(max_length=100)

    class Meta:
        label_format = "{title}"


class HowItWorksBlock(TitledBlock):
    steps = blocks.ListBlock(StepBlock(), min_num=1)


class StartingPointsBlock(TitledBlock):
    issues = blocks.ListBlock(
        SnippetChooserBlock("vocabulary.PresentingIssue"), min_num=1, max_num=8
    )


class LibraryPagesBlock(TitledBlock):
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="content.ReviewedPage"), min_num=1, max_num=6
    )


class PointsBlock(TitledBlock):
    points = blocks.ListBlock(StepBlock(), min_num=1, max_num=6)


class FreeHelpBlock(TitledBlock):
    text = RichTextBlock()


HOME: list[tuple[str, blocks.Block]] = [
    ("how_it_works", HowItWorksBlock(icon="list-ol")),
    ("starting_points", StartingPointsBlock(icon="pick")),
    ("people", TitledBlock(icon="group", help_text=gettext_lazy("Who is free soonest, live"))),
    ("library_pages", LibraryPagesBlock(icon="doc-full")),
    ("points", PointsBlock(icon="list-ul")),
    ("quote", SnippetChooserBlock("content.Testimonial", icon="openquote")),
    ("rich_text", RichTextBlock()),
    ("free_help", FreeHelpBlock(icon="help")),
]
