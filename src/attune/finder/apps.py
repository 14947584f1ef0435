from django.apps import AppConfig


class FinderConfig(AppConfig):
    name = "attune.finder"
    label = "finder"
    default_auto_field = "django.db.models.BigAutoField"
