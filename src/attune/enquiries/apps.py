from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "attune.enquiries"
    label = "enquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import attune.enquiries.mail  # noqa: F401 - registers its renderer; needs the models
