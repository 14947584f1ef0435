"""``attune check``: Django's system checks, then those that look at what the database holds."""

from typing import Any

from django.core.management.commands.check import Command as DjangoCheck

from attune.project.checks import DATA_MAP
from attune.vocabulary.checks import CONTACTS


class Command(DjangoCheck):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if not options["tags"] and not options["list_tags"]:
            # Marked for deployment, so that no other command runs it, or is stopped by it.
            self.check(tags=[CONTACTS, DATA_MAP], include_deployment_checks=True)
