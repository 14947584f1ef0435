from django.apps import AppConfig
from django.core.signals import got_request_exception
from django.middleware import csrf

from attune.project.logs import write_failure
from attune.vocabulary.codes import random_letters


class ProjectConfig(AppConfig):
    name = "attune.project"
    label = "project"

    def ready(self) -> None:
        import attune.project.checks  # noqa: F401 - registers them; needs the app registry

        got_request_exception.connect(write_failure)
        # A form's token is 32 letters, drawn one by one: with four threads at work, that costs a
        # page of results a tenth of its time. The letters stay as random as they were.
        setattr(csrf, "get_random_string", random_letters)  # noqa: B010 - a name it imported
