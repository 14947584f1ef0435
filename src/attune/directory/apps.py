from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "attune.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register what they hold, and name models, which exist from here on.
        from attune.directory import receivers, saving  # noqa: F401
