from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "attune.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what they hold; they need the models.
        from attune.privacy import duties, mail, panels, rights, sealed  # noqa: F401
