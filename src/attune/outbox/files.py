"""Mail as files in a folder, one to a message: for trials, tests and demonstrations."""

import os
import re
import tempfile
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage as Mail
from django.core.mail.backends.base import BaseEmailBackend


class MailFolderBackend(BaseEmailBackend):
    """Writes each message whole or not at all, under a name made from its Message-ID.

    So a message that is sent twice, after a crash, is one file.
    """

    def __init__(self, file_path: str | Path | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(str(file_path or settings.EMAIL_FILE_PATH))

    def send_messages(self, email_messages: Sequence[Mail]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for mail in email_messages:
            message = mail.message()
            write_whole(self.folder / _file_name(message["Message-ID"]), message.as_bytes())
        return len(email_messages)


def _file_name(message_id: str) -> str:
    return re.sub(r"[^\w.@-]", "_", message_id.strip("<> ")) + ".eml"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, readable by its owner only, so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def read_folder(folder: Path, limit: int) -> list[EmailMessage]:
    """Return the latest messages in a folder, newest first. No folder: no messages."""
    if not folder.is_dir():
        return []
    parser = BytesParser(EmailMessage, policy=policy.default)
    latest = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [parser.parsebytes(path.read_bytes()) for path in latest[:limit]]
