"""Uploads in the database: every machine that answers has them, and every backup holds them."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible


@deconstructible
class DatabaseStorage(Storage):
    """Django's files, as rows of ``StoredFile``."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        found = _files().filter(name=name).first()
        if found is None:
            raise FileNotFoundError(name)
        return ContentFile(bytes(found.content), name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        content.seek(0)
        _files().update_or_create(name=name, defaults={"content": content.read()})
        return name

    def delete(self, name: str) -> None:
        _files().filter(name=name).delete()

    def exists(self, name: str) -> bool:
        return bool(_files().filter(name=name).exists())

    def size(self, name: str) -> int:
        return len(self._open(name).read())

    def url(self, name: str | None) -> str:
        return f"{settings.MEDIA_URL}{name}"


def _files() -> Any:
    # By name: the models of images ask for the storage while they are being made.
    return apps.get_model("content", "StoredFile")._default_manager  # noqa: SLF001  # public name
