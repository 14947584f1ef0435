"""The errors that Attune raises on purpose. Each carries its data and says what is accepted."""

import json


class AttuneError(Exception):
    """The root of all of them."""


class NotNow(AttuneError):
    """Something that the service needs is away; what was asked can be done once it is back."""


class InvalidInput(AttuneError):
    """Somebody sent a value that cannot be used.

    Args:
        field: the name of the value, as the sender wrote it (``times[0].from``).
        value: what was sent.
        accepted: what could have been sent, as the rest of a sentence.
    """

    def __init__(self, field: str, value: object, accepted: str) -> None:
        self.field, self.value, self.accepted = field, value, accepted
        super().__init__(f"{field}: {_shown(value)} cannot be used. Accepted: {accepted}.")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
