"""LangSmith for Python in its hybrid mode, with a span of OpenTelemetry's own inside of a run."""

import os

from langsmith import Client, traceable, tracing_context
from opentelemetry import trace

from settings import COLLECTOR_URL, TOKEN

# What goes over OTLP is told by variables alone.
os.environ["LANGSMITH_ENDPOINT"] = COLLECTOR_URL
os.environ["LANGSMITH_API_KEY"] = TOKEN
client = Client(api_url=COLLECTOR_URL, api_key=TOKEN, tracing_mode="hybrid")


@traceable(run_type="tool", client=client)
def weather(city: str) -> str:
    with trace.get_tracer("shop").start_as_current_span("GET /weather"):
        return "sunny"


@traceable(client=client, project_name="shop")
def clerk(question: str) -> str:
    return f"It is {weather('Paris')}."


with tracing_context(enabled=True):
    clerk("Weather in Paris?")
client.flush()
trace.get_tracer_provider().force_flush()
