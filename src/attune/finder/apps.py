from django.apps import AppConfig


class FinderConfig(AppConfig):
    name = "attune.finder"
    label = "finder"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import attune.finder.duties  # noqa: F401 - registers itself; needs the apps to be loaded
