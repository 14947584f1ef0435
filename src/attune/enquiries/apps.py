from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "attune.enquiries"
    label = "enquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These register a duty, a mail, the sealed columns, the reasons on profiles, and what a
        # member's page holds; they need the models.
        import attune.enquiries.actions
        import attune.enquiries.mail
        import attune.enquiries.members
        import attune.enquiries.sealed
        import attune.enquiries.why  # noqa: F401
