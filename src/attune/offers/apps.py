from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "attune.offers"
    label = "offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what they hold; they need the models.
        from attune.offers import duties, members, sealed  # noqa: F401
