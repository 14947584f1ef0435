from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "attune.project"
    label = "project"

    def ready(self) -> None:
        import attune.project.checks  # noqa: F401 - registers them; needs the app registry
