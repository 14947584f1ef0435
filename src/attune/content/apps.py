from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "attune.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These register themselves; they need the models.
        import attune.content.duties
        import attune.content.mail
        import attune.content.receivers
        import attune.content.rendering  # noqa: F401
