"""A program as anybody writes it with OpenTelemetry for Python. It knows nothing of this project: where its telemetry
goes, and its name, come from the standard variables. It asks the service at the URL that it is given."""

import logging
import sys
import urllib.error
import urllib.request
import warnings

from opentelemetry import _logs, metrics, propagate, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

traces = TracerProvider()
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])

tracer = traces.get_tracer("shop")
sold = meters.get_meter("shop").create_histogram("shop.basket", unit="{item}")
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
log.addHandler(LoggingHandler(logger_provider=logs))


def read_cart(url: str, cart: str) -> int:
    attributes = {"http.request.method": "GET", "url.full": f"{url}/cart/{cart}"}
    with tracer.start_as_current_span("GET", kind=trace.SpanKind.CLIENT, attributes=attributes) as span:
        headers: dict[str, str] = {}
        propagate.inject(headers)
        request = urllib.request.Request(f"{url}/cart/{cart}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        span.set_attribute("http.response.status_code", status)
        if status >= 400:
            span.set_status(trace.StatusCode.ERROR)
        return status


def check_out(url: str, cart: str) -> None:
    attributes = {"http.request.method": "POST", "http.route": "/checkout", "shop.coupons": ["a", "b"]}
    with tracer.start_as_current_span("POST /checkout", kind=trace.SpanKind.SERVER, attributes=attributes) as span:
        status = read_cart(url, cart)
        log.info("cart %s answered %d", cart, status, extra={"cart.id": cart})
        sold.record(2, {"shop.currency": "EUR"})
        span.set_attribute("http.response.status_code", 502 if status >= 500 else status)
        if status >= 500:
            span.set_status(trace.StatusCode.ERROR, "the cart is broken")
            log.error("cart %s is broken", cart)


for name in ("full", "full", "none", "broken"):
    check_out(sys.argv[1], name)
for provider in (traces, logs, meters):
    provider.shutdown()
