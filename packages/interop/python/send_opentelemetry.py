"""OpenTelemetry for Python with its own exporters, over HTTP or, with the argument `grpc`, over gRPC: an agent, a chat and a tool in the GenAI conventions."""

import json
import sys

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from settings import COLLECTOR_GRPC_URL, COLLECTOR_URL, TOKEN


def exporter():
    headers = {"authorization": f"Bearer {TOKEN}"}
    if "grpc" in sys.argv:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(endpoint=COLLECTOR_GRPC_URL, headers=headers, insecure=True)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import Compression, OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{COLLECTOR_URL}/v1/traces", headers=headers, compression=Compression.Gzip)


def text(role: str, content: str) -> dict:
    return {"role": role, "parts": [{"type": "text", "content": content}]}


resource = Resource.create({"service.name": "shop", "service.version": "1.2.3", "deployment.environment.name": "staging"})
provider = TracerProvider(resource=resource)
provider.add_span_processor(BatchSpanProcessor(exporter()))
tracer = provider.get_tracer("clerk")

agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk", "gen_ai.conversation.id": "s1", "user.id": "u1"}
chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.input.messages": json.dumps([text("system", "Be kind."), text("user", "Weather in Paris?")]),
    "gen_ai.output.messages": json.dumps([text("assistant", "It is sunny in Paris.")]),
}
tool = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "weather",
    "gen_ai.tool.call.arguments": '{"city":"Paris"}',
    "gen_ai.tool.call.result": "sunny",
}
with tracer.start_as_current_span("invoke_agent clerk", attributes=agent):
    with tracer.start_as_current_span("execute_tool weather", attributes=tool):
        pass
    with tracer.start_as_current_span("chat gpt-4o", attributes=chat):
        pass
provider.shutdown()
