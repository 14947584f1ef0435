from django.apps import AppConfig


class FinderConfig(AppConfig):
    name = "attune.finder"
    label = "finder"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register themselves, and need the apps to be loaded.
        from attune.finder import duties, saved  # noqa: F401
