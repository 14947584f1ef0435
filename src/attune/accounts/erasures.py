"""What "erase what we hold" removes: each app registers how it forgets somebody.

A restored backup holds people who were erased after it was made, and each is erased again: what
is registered here must give the same result the second time, and opens nothing, since by then the
key is destroyed.
"""

from collections.abc import Callable
from datetime import datetime

from attune.accounts.models import User

Forget = Callable[[User, datetime], None]

_forgetting: dict[str, Forget] = {}
_kept: list[str] = []


def erases(title: str, *, kept: str = "") -> Callable[[Forget], Forget]:
    """
    Register the decorated function, which runs in the transaction of the erasure.

    Args:
        kept: A sentence that says what of it stays, where it is, and why; said before and after.
    """

    def register(forget: Forget) -> Forget:
        if title in _forgetting and _forgetting[title] is not forget:
            raise ValueError(f"{title} is erased already.")
        if title not in _forgetting and kept:
            _kept.append(kept)
        _forgetting[title] = forget
        return forget

    return register


def forget_everywhere(user: User, at: datetime) -> None:
    """Let each app forget somebody, inside the caller's transaction."""
    for _title, forget in sorted(_forgetting.items()):
        forget(user, at)


def what_is_kept() -> tuple[str, ...]:
    """Return what stays after an erasure, a sentence each."""
    return tuple(_kept)
