"""How pages are edited at /editor/: which fields stand where, and what each is for."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from attune.content.checker import findings
from attune.content.forms import BrandForm, ReviewedPageForm
from attune.content.models import (
    ArticlePage,
    Brand,
    HomePage,
    IndexPage,
    IssuePage,
    ReviewedPage,
    TherapyPage,
)
from attune.content.review import review_words


class ReviewPanel(Panel):
    """Who reviewed the page and when, and what the checker says of it: read, not typed."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/editor/review_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            found = findings(self.instance) if self.instance.pk else []
            return context | {"review": review_words(self.instance), "findings": found}


def editor_of(*own: Any, before_body: tuple[Any, ...] = ()) -> TabbedInterface:
    """Return the tabs of a page; ``own``: the panels of its kind, under its text."""
    return TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("title"),
                    FieldPanel("summary"),
                    *before_body,
                    FieldPanel("also_known_as"),
                    FieldPanel("body"),
                    *own,
                ],
                heading=_("Text"),
            ),
            ObjectList(
                [
                    FieldPanel("sources"),
                    FieldPanel("conflicts"),
                    InlinePanel("organisations", heading=_("Organisations"), label=_("one")),
                    InlinePanel(
                        "related",
                        heading=_("Related pages"),
                        label=_("one"),
                        max_num=12,
                        panels=[
                            PageChooserPanel("to", page_type="content.ReviewedPage"),
                            FieldPanel("kind"),
                        ],
                    ),
                ],
                heading=_("Sources and links"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("call_to_action"), FieldPanel("call_target")],
                        heading=_("Call to action"),
                    ),
                    FieldPanel("sensitivity"),
                    FieldPanel("picture"),
                    FieldPanel("slug"),
                ],
                heading=_("Page"),
            ),
            ObjectList([ReviewPanel(), FieldPanel("change_note")], heading=_("Review")),
        ],
        base_form_class=ReviewedPageForm,
    )


THERAPY = editor_of(
    FieldPanel("what_happens"),
    FieldPanel("research"),
    FieldPanel("suits"),
    FieldPanel("may_not_suit"),
    FieldPanel("training_to_look_for"),
    FieldPanel("preparation"),
    before_body=(
        FieldPanel("therapy_type"),
        MultiFieldPanel(
            [
                FieldPanel("formats"),
                FieldPanel("fewest_sessions"),
                FieldPanel("most_sessions"),
                FieldPanel("fewest_minutes"),
                FieldPanel("most_minutes"),
            ],
            heading=_("At a glance"),
        ),
    ),
)
ISSUE = editor_of(
    FieldPanel("signs"),
    FieldPanel("research"),
    FieldPanel("self_help"),
    FieldPanel("when_to_get_help"),
    FieldPanel("codes"),
    before_body=(FieldPanel("issue"), FieldPanel("kind")),
)
ARTICLE = editor_of(
    before_body=(
        FieldPanel("standfirst"),
        FieldPanel("authors"),
        FieldPanel("published_on"),
        FieldPanel("kind"),
        FieldPanel("tags"),
        FieldPanel("issues"),
        FieldPanel("therapy_types"),
    ),
)
HOME = ObjectList(
    [TitleFieldPanel("title"), FieldPanel("lead"), FieldPanel("summary"), FieldPanel("body")]
)
INDEX = ObjectList([TitleFieldPanel("title"), FieldPanel("summary"), FieldPanel("slug")])


def set_up() -> None:
    """Give each kind of page its editor, and the brand its checks."""
    for model, handler in (
        (TherapyPage, THERAPY),
        (IssuePage, ISSUE),
        (ArticlePage, ARTICLE),
        (HomePage, HOME),
        (IndexPage, INDEX),
    ):
        model.edit_handler = handler
    ReviewedPage.base_form_class = ReviewedPageForm
    Brand.base_form_class = BrandForm
