"""``attune rotate-key``: a new master key, while the service runs."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from attune.accounts.rotation import CannotRotate, Rotation, forget_old, rotate


class Command(BaseCommand):
    help = (
        "Add a version to the key file and seal everything anew under it. The service goes on "
        "meanwhile; interrupted, run it again. Copy the key file before and after."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forget-old",
            action="store_true",
            help="have older versions open nothing any more; backups from before stay closed",
        )

    def handle(self, *, forget_old: bool, **options: Any) -> None:
        try:
            self._forget() if forget_old else self._rotate()
        except CannotRotate as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The key file {settings.KEY_FILE} cannot be replaced: {error.strerror}. "
                "Nothing was changed.",
                returncode=2,
            ) from error

    def _rotate(self) -> None:
        self._say_what_came_of(rotate(self._tell))

    def _say_what_came_of(self, rotation: Rotation) -> None:
        done, closed = rotation.tally.sealed_anew, rotation.tally.closed
        if rotation.was_resumed:
            self.stdout.write("An earlier change had been interrupted, and is at its end now.")
        self.stdout.write(
            f"Version {rotation.version} of the key seals from now on; {done} values and keys were "
            f"sealed anew. Copy {settings.KEY_FILE} to where you keep its copy."
        )
        if closed:
            self.stdout.write(f"{closed} did not open before either, and were left as they are.")

    def _forget(self) -> None:
        gone = forget_old()
        self.stdout.write(
            "Only the newest version of the key opens now. Backups from before the change stay "
            f"closed without an older copy of {settings.KEY_FILE}."
        )
        if gone:
            self.stdout.write(f"Gone from the file: {', '.join(map(str, gone))}.")

    def _tell(self, what: str, done: int, total: int) -> None:
        """Say how far it is: on a terminal in one line, elsewhere once for each kind."""
        if self.stdout.isatty():
            self.stdout.write(
                f"\r{what}: {done:,} of {total:,}", ending="\n" if done >= total else ""
            )
        elif done >= total:
            self.stdout.write(f"{what}: {done:,}")
