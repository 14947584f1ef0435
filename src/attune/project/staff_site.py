"""The staff pages: Django's admin with our own models, and nothing that a library brought along."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

# Groups are Django's: they say what an editor may do.
SHOWN = ("attune.", "django.contrib.auth.")


class StaffSite(AdminSite):
    """Refuses, among others, people's passkeys, their addresses and the library's own files."""

    site_title = site_header = _("Staff pages")
    index_title = _("What we look after")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        models = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        shown = [model for model in models if model.__module__.startswith(SHOWN)]
        super().register(shown, admin_class, **options)


class StaffSiteConfig(AdminConfig):
    default_site = "attune.project.staff_site.StaffSite"
