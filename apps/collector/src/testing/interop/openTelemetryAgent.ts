import { env } from "node:process";
import { Metadata } from "@grpc/grpc-js";
import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";

// An agent, a chat and a tool in the GenAI conventions, sent by OpenTelemetry for JavaScript with its own exporters: in protobuf, in JSON
// or over gRPC, as the argument says. The same telemetry as packages/interop/python/send_opentelemetry.py.

const { INTEROP_COLLECTOR_URL: url, INTEROP_COLLECTOR_GRPC_URL: grpcUrl, INTEROP_TOKEN: token } = env;
const headers = { authorization: `Bearer ${token}` };

function exporterOf(protocol: string | undefined): SpanExporter {
  switch (protocol) {
    case "grpc": {
      const metadata = new Metadata();
      metadata.set("authorization", headers.authorization);
      return new GrpcTraceExporter({ url: String(grpcUrl), metadata });
    }
    case "json":
      return new JsonTraceExporter({ url: `${url}/v1/traces`, headers });
    default:
      return new ProtobufTraceExporter({ url: `${url}/v1/traces`, headers });
  }
}

const provider = new TracerProvider({
  resource: resourceFromAttributes({ "service.name": "shop", "service.version": "1.2.3", "deployment.environment.name": "staging" }),
  spanProcessors: [new BatchSpanProcessor({ exporter: exporterOf(process.argv[2]) })],
});
const tracer = provider.getTracer("clerk");
const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const startMs = Date.now() - 1_000;

const agent = tracer.startSpan("invoke_agent clerk", {
  startTime: startMs,
  attributes: {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "clerk",
    "gen_ai.conversation.id": "s1",
    "user.id": "u1",
  },
});
const within = trace.setSpan(context.active(), agent);
const tool = tracer.startSpan(
  "execute_tool weather",
  {
    startTime: startMs + 10,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "weather",
      "gen_ai.tool.call.arguments": '{"city":"Paris"}',
      "gen_ai.tool.call.result": "sunny",
    },
  },
  within,
);
tool.end(startMs + 20);
const chat = tracer.startSpan(
  "chat gpt-4o",
  {
    startTime: startMs + 30,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.cache_read.input_tokens": 400,
      "gen_ai.usage.output_tokens": 100,
      "gen_ai.input.messages": JSON.stringify([text("system", "Be kind."), text("user", "Weather in Paris?")]),
      "gen_ai.output.messages": JSON.stringify([text("assistant", "It is sunny in Paris.")]),
    },
  },
  within,
);
chat.end(startMs + 40);
agent.end(startMs + 50);
await provider.shutdown();
