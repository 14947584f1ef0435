"""What is written down about running: what happened and where, never what somebody said.

One line a request, with the route as the URL table writes it: the address itself can hold a
link's secret. Errors keep their type and their place in the code; their text can quote an answer.
"""

import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from django.http import FileResponse, HttpRequest, HttpResponse

# Text may stand under these names; under any other, only numbers and truth values may.
PLAIN = frozenset(
    {"event", "level", "logger", "timestamp", "method", "route", "error", "place", "kind", "part"}
)
LEFT_OUT = "[left out]"
# Where a library's message has a place for a value: %s, %(name)s, %.2f.
VALUE = re.compile(r"%(?:\([^)]*\))?[-+ #0-9.*]*[a-zA-Z]")
QUIET_ROUTES = ("healthz", "readyz")

log = structlog.get_logger("attune.web")


class RequestLogMiddleware:
    """Write one line for each request, and one more for each that failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        route = _route_of(request, response)
        if route not in QUIET_ROUTES:
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - started), 1),
            )
        return response


def _route_of(request: HttpRequest, response: HttpResponse | None = None) -> str:
    if request.resolver_match:
        return request.resolver_match.route
    # Only files that are there are sent so, and their names are ours.
    return request.path_info[1:] if isinstance(response, FileResponse) else "(none)"


def write_failure(*, request: HttpRequest, **_: Any) -> None:
    """Write what made a request fail: not what a view refuses, as with 404."""
    log.error("request failed", route=_route_of(request), exc_info=sys.exc_info())


def without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Leave out what could be personal: text under other names, and the text of errors."""
    error = event.pop("exc_info", None)
    kept = {name: value if _is_plain(name, value) else LEFT_OUT for name, value in event.items()}
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        kept |= {"error": type(error).__name__, "place": _place_of(error.__traceback__)}
    return kept


def _is_plain(name: str, value: object) -> bool:
    return name in PLAIN or name.startswith("_") or value is None or isinstance(value, int | float)


def _place_of(traceback: TracebackType | None) -> str:
    """Return where it happened, innermost last, as "file:line function"."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return " > ".join(frames[-6:])


def _short(file: str) -> str:
    return file.rpartition("site-packages/")[2].rpartition("/src/")[2]


class WithoutValues(logging.Filter):
    """Keep what a library's message says and drop what it says it about: paths, hosts, values.

    Only a message that takes its values apart from its words shows which is which. Of any other,
    the place in the code stays, and what stands there can be read there.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = VALUE.sub(LEFT_OUT, str(record.msg)) if record.args else LEFT_OUT
        record.args = ()
        return True


def place_of_record(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Say where a library wrote its message."""
    record: logging.LogRecord = event["_record"]
    event["place"] = f"{_short(record.pathname)}:{record.lineno} {record.funcName}"
    return event


def write_what_nobody_caught() -> None:
    """Have errors that end a thread or a process written as lines, without their words.

    Python would print them whole, and so it would its warnings.
    """

    def write(error: BaseException | None) -> None:
        if not isinstance(error, KeyboardInterrupt | SystemExit | None):
            log.error("nobody caught this", exc_info=error)

    sys.excepthook = lambda _kind, error, _traceback: write(error)
    threading.excepthook = lambda told: write(told.exc_value)
    sys.unraisablehook = lambda told: write(told.exc_value)
    logging.captureWarnings(capture=True)


_BEFORE: tuple[Any, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)

structlog.configure(
    processors=[
        *_BEFORE,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": (*_BEFORE, place_of_record),
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_values,
                structlog.processors.LogfmtRenderer(
                    key_order=["timestamp", "level", "logger", "event"], drop_missing=True
                ),
            ],
        }
    },
    "filters": {"without_values": {"()": WithoutValues}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
        "library": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_values"],
        },
    },
    "root": {"handlers": ["library"], "level": "WARNING"},
    "loggers": {
        "attune": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Says what the line of the request says, with the whole address.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        # It prints what an application raises, words and all, with a handler of its own.
        "_granian": {"handlers": ["library"], "propagate": False},
    },
}
