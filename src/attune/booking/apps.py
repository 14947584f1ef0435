from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "attune.booking"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what they hold: renderers, duties, and the receiver of new practices.
        from attune.booking import duties, mail, receivers  # noqa: F401
