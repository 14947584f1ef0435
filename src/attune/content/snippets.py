"""What editors keep besides pages, and what they look up, at /editor/."""

from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from attune.accounts.audience import Audience
from attune.content.forms import OrganisationForm
from attune.content.models import FAQ, Organisation, Reviewer, Testimonial
from attune.vocabulary.models import (
    CrisisContact,
    EvidenceLeftOut,
    EvidenceStatement,
    HelpRoute,
    PresentingIssue,
    TherapyType,
)
from attune.vocabulary.signals import vocabulary_changed

CONTACT_FIELDS = (
    *("name", "nation", "when_to_use", "phone", "text_number", "text_word", "url", "hours"),
    *("audience", "checked_on", "source", "position"),
)


def panels(*names: str) -> ObjectList:
    return ObjectList([FieldPanel(name) for name in names])


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "site"
    list_display = ("name", "kind", "area", "checked_on")
    list_filter = ("kind",)
    search_fields = ("name", "what")
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in (
                *("name", "slug", "kind", "what", "url", "register_url", "phone", "hours"),
                *("area", "languages", "therapies", "issues", "checked_on", "source"),
            )
        ],
        base_form_class=OrganisationForm,
    )


class TestimonialViewSet(SnippetViewSet):
    model = Testimonial
    icon = "openquote"
    list_display = ("who", "place", "consented_on", "is_example")
    edit_handler = panels(
        "words", "who", "role", "place", "consent_reference", "consented_on", "is_example"
    )


class FAQViewSet(SnippetViewSet):
    model = FAQ
    icon = "help"
    list_display = ("question", "audience")
    list_filter = ("audience",)
    search_fields = ("question", "short_answer")
    edit_handler = panels("question", "short_answer", "long_answer", "audience")


class ReviewerViewSet(SnippetViewSet):
    model = Reviewer
    icon = "user"
    list_display = ("name", "role", "registration")
    edit_handler = panels("user", "name", "role", "registration")


class _TellsMatching:
    """What is saved here changes what matching and pages say, in the same transaction."""

    audience = Audience.EDITOR

    def save_instance(self) -> Any:
        with transaction.atomic():
            saved = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
            vocabulary_changed.send(sender=type(saved), at=timezone.now())
        return saved


class TellingCreateView(_TellsMatching, CreateView):
    pass


class TellingEditView(_TellsMatching, EditView):
    pass


class WordsViewSet(SnippetViewSet):
    """Rows that data files bring and editors may change."""

    add_view_class = TellingCreateView
    edit_view_class = TellingEditView
    copy_view_enabled = False


class EvidenceViewSet(WordsViewSet):
    model = EvidenceStatement
    icon = "list-ul"
    list_display = ("__str__", "strength", "checked_by", "suspended_on", "lapses_on")
    list_filter = ("direction", "issue", "therapy_type", "holds_for_adults")
    edit_handler = panels(
        *("therapy_type", "issue", "population", "holds_for_adults", "direction", "strength"),
        *("sentence", "source", "source_url", "as_of", "checked_by", "suspended_on"),
    )


class CrisisContactViewSet(WordsViewSet):
    model = CrisisContact
    icon = "warning"
    list_display = ("name", "nation", "urgency", "checked_on")
    list_filter = ("nation", "urgency")
    edit_handler = panels("slug", "urgency", *CONTACT_FIELDS)


class HelpRouteViewSet(WordsViewSet):
    model = HelpRoute
    icon = "help"
    list_display = ("name", "nation", "checked_on")
    list_filter = ("nation",)
    edit_handler = panels("slug", *CONTACT_FIELDS, "for_children", "for_unable_to_pay")


class LookedUpPolicy(ModelPermissionPolicy):
    """Rows that come from data files alone: they are looked up and chosen."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("view", "choose") and user.has_perm("wagtailadmin.access_admin")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class LookedUpViewSet(SnippetViewSet):
    # All of them under each other: nothing else would find one that an editor wants.
    chooser_per_page = 100
    inspect_view_enabled = True
    copy_view_enabled = False


class EvidenceLeftOutViewSet(LookedUpViewSet):
    model = EvidenceLeftOut
    icon = "view"
    list_display = ("condition", "therapy", "population", "guideline", "why")
    list_filter = ("condition", "why")


class IssueViewSet(LookedUpViewSet):
    model = PresentingIssue
    icon = "tag"
    list_display = ("label", "slug", "group")


class TherapyTypeViewSet(LookedUpViewSet):
    model = TherapyType
    icon = "tag"
    list_display = ("label", "slug", "group")


class KeptGroup(SnippetViewSetGroup):
    menu_label = _("Kept")
    menu_icon = "folder-open-inverse"
    menu_order = 200
    items: ClassVar[tuple[type[SnippetViewSet], ...]] = (
        OrganisationViewSet,
        TestimonialViewSet,
        FAQViewSet,
        ReviewerViewSet,
    )


class EvidenceGroup(SnippetViewSetGroup):
    menu_label = _("Evidence and help")
    menu_icon = "list-ul"
    menu_order = 210
    items: ClassVar[tuple[type[SnippetViewSet], ...]] = (
        EvidenceViewSet,
        EvidenceLeftOutViewSet,
        CrisisContactViewSet,
        HelpRouteViewSet,
    )


class VocabularyGroup(SnippetViewSetGroup):
    menu_label = _("Vocabulary")
    menu_icon = "tag"
    menu_order = 220
    items: ClassVar[tuple[type[SnippetViewSet], ...]] = (IssueViewSet, TherapyTypeViewSet)
