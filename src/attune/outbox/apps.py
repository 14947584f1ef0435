from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "attune.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from attune.outbox import retention  # noqa: F401 - registers a duty
