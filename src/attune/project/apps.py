from django.apps import AppConfig
from django.core.signals import got_request_exception

from attune.project.logs import write_failure


class ProjectConfig(AppConfig):
    name = "attune.project"
    label = "project"

    def ready(self) -> None:
        import attune.project.checks  # noqa: F401 - registers them; needs the app registry

        got_request_exception.connect(write_failure)
