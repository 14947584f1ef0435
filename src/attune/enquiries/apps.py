from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "attune.enquiries"
    label = "enquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These register the duty and the mail; they need the models.
        import attune.enquiries.actions
        import attune.enquiries.mail  # noqa: F401
