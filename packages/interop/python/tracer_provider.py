"""The tracer provider of this process, for what brings none; it sends each span as it ends."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from settings import COLLECTOR_URL, TOKEN

tracer_provider = TracerProvider()
exporter = OTLPSpanExporter(endpoint=f"{COLLECTOR_URL}/v1/traces", headers={"authorization": f"Bearer {TOKEN}"})
tracer_provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(tracer_provider)
