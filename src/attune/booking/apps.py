from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "attune.booking"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what they hold: renderers, duties, receivers.
        from attune.booking import adoption, duties, mail, members, receivers, sealed  # noqa: F401
