from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "attune.vocabulary"
    label = "vocabulary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Checks name models, which exist from here on.
        import attune.vocabulary.checks  # noqa: F401
