"""Partners and offers at /editor/."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from attune.accounts.audience import Audience
from attune.offers.actions import keep_words
from attune.offers.forms import OfferForm, VersionedForm
from attune.offers.models import Offer, Partner
from attune.offers.queries import claim_count, stock_count


class NeverDeletedPolicy(ModelPermissionPolicy):
    """Offers are withdrawn: who claimed one still reads what it was."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))


class StockPanel(Panel):
    """What is left and what was claimed, in tens; and the way to the stock."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "offers/editor/stock_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            offer = self.instance
            if not offer.pk:
                return context | {"claimed_from": 0, "stock": None}
            is_stock = offer.kind == Offer.Kind.STOCK
            return context | {
                "claimed_from": claim_count(offer),
                "stock": stock_count(offer) if is_stock else None,
            }


class LockedEditView(EditView):
    """One editor at a time compares versions (``VersionedForm``) and saves."""

    audience = Audience.EDITOR

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            # Claims, which only need the offer to exist, do not wait for this.
            self.model.objects.select_for_update(no_key=True).get(pk=self.object.pk)
            answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class _KeepsWords:
    def save_instance(self) -> Offer:
        with transaction.atomic():
            saved: Offer = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
            keep_words(saved, at=timezone.now())
        return saved


class OfferCreateView(_KeepsWords, CreateView):
    audience = Audience.EDITOR


class OfferEditView(_KeepsWords, LockedEditView):
    pass


class PartnerViewSet(SnippetViewSet):
    model = Partner
    icon = "group"
    list_display = ("name", "what")
    search_fields = ("name",)
    edit_view_class = LockedEditView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("what"), FieldPanel("website")],
        base_form_class=VersionedForm,
    )


class OfferViewSet(SnippetViewSet):
    model = Offer
    icon = "tag"
    list_display = ("title", "partner", "state", "starts_on", "ends_on")
    list_filter = ("state", "partner")
    search_fields = ("title",)
    add_view_class = OfferCreateView
    edit_view_class = OfferEditView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("partner"),
            FieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("terms"),
            MultiFieldPanel(
                [FieldPanel("worth_minor"), FieldPanel("worth_currency")], heading=_("Worth")
            ),
            MultiFieldPanel(
                [FieldPanel("kind"), FieldPanel("shared_code"), FieldPanel("link"), StockPanel()],
                heading=_("What a member gets"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("starts_on"),
                    FieldPanel("ends_on"),
                    FieldPanel("place"),
                    FieldPanel("radius_km"),
                ],
                heading=_("Who can claim it: every member, unless these say otherwise"),
            ),
            FieldPanel("state"),
        ],
        base_form_class=OfferForm,
    )


class OffersGroup(SnippetViewSetGroup):
    menu_label = _("Offers")
    menu_icon = "tag"
    menu_order = 205
    items: ClassVar[tuple[type[SnippetViewSet], ...]] = (OfferViewSet, PartnerViewSet)
