"""What the editor takes from offers when it starts."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from attune.offers.editor_views import issue, stock
from attune.offers.models import Offer, Partner
from attune.offers.snippets import NeverDeletedPolicy, OffersGroup

for model in (Offer, Partner):
    register_permission_policy(model, NeverDeletedPolicy(model))
register_snippet(OffersGroup)


@hooks.register("register_admin_urls")
def stock_addresses() -> list[Any]:
    return [
        path("offers/<str:code>/stock/", stock, name="offer_stock"),
        path("offers/<str:code>/stock/issue/", issue, name="offer_stock_issue"),
    ]
