"""Traces for OpenTelemetry: off unless it is said where they go, and nothing else is loaded then.

Spans say what kind of work was done, how it ended and how much of it there was; never a document
with its values, a variable, an argument or an amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Thread
from time import time_ns
from typing import TYPE_CHECKING, Final

from server.refusals import Refused

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
FLUSH_SECONDS: Final = 0.5
"""How long the last spans may take to leave; whoever stops uPay waits for it."""

_PACKAGES: Final = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")

_tracer: Tracer | None = None


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether it is said where traces go.

    Raises:
        Refused: it is, and what sends them there is not installed.
    """
    named = [name for name in ENDPOINTS if environ.get(name, "").strip()]
    if not named:
        return False
    if not all(_is_installed(package) for package in _PACKAGES):
        raise Refused(
            f"{named[0]} is set, and what sends traces is not installed: install the packages "
            f"opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http, or unset {named[0]}."
        )
    return True


@contextmanager
def telling(environ: Mapping[str, str]) -> Iterator[None]:
    """During the block this process tells its spans to whom the environment names, if anybody.

    Raises:
        Refused: as `is_wanted`.
    """
    if not is_wanted(environ):
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    with exporting(OTLPSpanExporter()):
        yield


@contextmanager
def exporting(exporter: SpanExporter, *, at_once: bool = False) -> Iterator[None]:
    """During the block this process tells its spans to `exporter`, in batches or `at_once`."""
    global _tracer
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    # What the environment says (OTEL_SERVICE_NAME) wins over this name.
    provider = TracerProvider(
        resource=Resource({"service.name": "upay"}).merge(Resource.create()),
        shutdown_on_exit=False,
    )
    send = SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter)
    provider.add_span_processor(send)
    _tracer = provider.get_tracer("upay")
    try:
        yield
    finally:
        _tracer = None
        # Left to itself it waits half a minute for a collector that does not answer.
        ending = Thread(target=provider.shutdown, daemon=True)
        ending.start()
        ending.join(FLUSH_SECONDS)


def arrived(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """What this task does from here on belongs to the trace that the request's headers name."""
    if _tracer is None:
        return
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    told = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    context.attach(TraceContextTextMapPropagator().extract(told, context.Context()))


def span(name: str) -> Span | None:
    """A span that began; None while nobody wants any. Whoever asked for it ends it."""
    return None if _tracer is None else _tracer.start_span(name)


def enter(span: Span) -> None:
    """What this task does from here on belongs to `span`."""
    from opentelemetry import context, trace

    # Never detached: a stream's turns run in contexts of their own, which end with them.
    context.attach(trace.set_span_in_context(span))


def trace_id(span: Span) -> str:
    """The id of the trace that `span` belongs to, as the log says it."""
    from opentelemetry import trace

    return trace.format_trace_id(span.get_span_context().trace_id)


def end(span: Span, *, name: str, facts: Mapping[str, str | int], is_failed: bool) -> None:
    """Ends a span, by the name and with the facts that are known only then."""
    from opentelemetry.trace import StatusCode

    span.update_name(name)
    span.set_attributes(facts)
    if is_failed:
        span.set_status(StatusCode.ERROR)
    span.end()


def batch_posted(commands: int, seconds: float) -> None:
    """A span for a batch of the ledger that was just posted, which is several callers' at once."""
    if _tracer is None:
        return
    from opentelemetry.context import Context

    now = time_ns()
    began = now - int(seconds * 1e9)
    done = _tracer.start_span("ledger batch", context=Context(), start_time=began)
    done.set_attribute("upay.commands", commands)
    done.end(now)


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
