from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "attune.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Receivers name models, which exist from here on.
        import attune.directory.receivers  # noqa: F401
