"""The ``attune`` command: Django's commands under our names, and one plain sentence for a mistake."""

import os
import sys

from attune.project.environment import SettingError


def main() -> None:
    """Run ``attune COMMAND ...``; exit status 2 when a setting cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
    arguments = [sys.argv[0], *(one.replace("-", "_") for one in sys.argv[1:2]), *sys.argv[2:]]
    from django.core.management import execute_from_command_line  # settings are read here

    try:
        execute_from_command_line(arguments)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
