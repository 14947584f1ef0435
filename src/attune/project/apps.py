from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "attune.project"
    label = "project"

    def ready(self) -> None:
        from attune.project import checks  # registers them; needs the app registry

        assert checks  # noqa: S101 - imported for what it registers
