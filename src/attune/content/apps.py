from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "attune.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Receivers and renderers register themselves when they are imported.
        from attune.content import receivers, rendering  # noqa: F401
