"""Whether this process lives, and whether the service can do its work."""

from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attune.accounts.audience import Audience, audience
from attune.finder.loading import current, index_age_seconds


class NotReady(Exception):
    """A part that does not work; the message is its name."""


@audience(Audience.ANYONE)
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process takes requests. Looks at nothing else."""
    return JsonResponse({"status": "alive"})


@audience(Audience.ANYONE)
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part works, else 503 with the failing part named."""
    try:
        _look_at_database()
        _look_at_migrations()
        age = _index_age()
    except NotReady as part:
        return JsonResponse({"status": "not ready", "failing": str(part)}, status=503)
    return JsonResponse({"status": "ready", "index_age_seconds": round(age, 3)})


def _look_at_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        # What is broken is not kept for the next request.
        connection.close()
        raise NotReady("database") from None


def _look_at_migrations() -> None:
    if not _newest_migrations() <= set(MigrationRecorder(connection).applied_migrations()):
        raise NotReady("migrations")


@lru_cache(maxsize=1)
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app, as this process's code has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _index_age() -> float:
    """Bring the index level, as every match does, and return its age in seconds."""
    try:
        current(timezone.now())
    except (DatabaseError, OSError):
        raise NotReady("index") from None
    return index_age_seconds() or 0.0


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
