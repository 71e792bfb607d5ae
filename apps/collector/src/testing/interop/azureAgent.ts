import { env } from "node:process";
import { AzureMonitorLogExporter, AzureMonitorTraceExporter } from "@azure/monitor-opentelemetry-exporter";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";

// An agent in the conventions of Azure AI Foundry that exports through Azure Monitor's exporter. It runs in a process of its own because
// trusted certificates are set at a process's start. The exporter is built for an older major version of the SDK, whose spans and records
// differ only in their types; it uses https, whatever its endpoint says.

const { INTEROP_COLLECTOR_TLS_URL: url = "", INTEROP_UUID: key } = env;
// The exporter's own usage statistics would go to Microsoft.
env.APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL = "true";
const connectionString = `InstrumentationKey=${key};IngestionEndpoint=${url.replace("https", "http")}`;
const options = { connectionString, disableOfflineStorage: true };
const resource = resourceFromAttributes({ "service.name": "clerk", "service.version": "1.2.3", "deployment.environment.name": "prod" });

const spans = new TracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor({ exporter: new AzureMonitorTraceExporter(options) as unknown as SpanExporter })],
});
const logs = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor({ exporter: new AzureMonitorLogExporter(options) as unknown as LogRecordExporter })],
});

const tracer = spans.getTracer("my-agent");
const start = new Date("2026-01-02T03:04:05.678Z");
const root = tracer.startSpan("POST /ask", {
  kind: SpanKind.SERVER,
  startTime: start,
  attributes: { "http.request.method": "POST", "url.path": "/ask", "http.response.status_code": 500, "session.id": "s1", "user.id": "u1" },
});
const within = trace.setSpan(context.active(), root);
root.recordException(new TypeError("no seat"), start);
root.setStatus({ code: SpanStatusCode.ERROR, message: "gave up" });
const foundry = {
  "gen_ai.provider.name": "microsoft.foundry",
  "az.namespace": "Microsoft.CognitiveServices",
  "gen_ai.thread.id": "thread_1",
};
const at = (ms: number): Date => new Date(start.getTime() + ms);
const agent = tracer.startSpan(
  "invoke_agent clerk",
  {
    kind: SpanKind.CLIENT,
    startTime: at(10),
    attributes: { ...foundry, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.id": "clerk:3" },
  },
  within,
);
const inAgent = trace.setSpan(within, agent);
const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const call = { type: "tool_call", id: "call_1", name: "seats", arguments: { flight: "LH 1" } };
const chat = tracer.startSpan("chat gpt-4o", { kind: SpanKind.CLIENT, startTime: at(20) }, inAgent);
chat.setAttributes({
  ...foundry,
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.response.model": "gpt-4o-2024-08-06",
  "gen_ai.usage.input_tokens": 1_000,
  "gen_ai.usage.output_tokens": 10,
  "gen_ai.input.messages": JSON.stringify([text("system", "Be kind."), text("user", "größe \u{1f600}")]),
  "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [call], finish_reason: "tool_call" }]),
});
chat.end(at(1_254));
const tool = tracer.startSpan(
  "execute_tool seats",
  {
    startTime: at(1_300),
    attributes: {
      ...foundry,
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "seats",
      "gen_ai.tool.call.id": "call_1",
      "gen_ai.tool.call.arguments": '{"flight":"LH 1"}',
      "gen_ai.tool.call.result": "none",
    },
  },
  inAgent,
);
tool.end(at(1_400));
agent.end(at(1_500));
root.end(at(2_000));

const judged = { "gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.9 };
const logger = logs.getLogger("my-agent");
logger.emit({ eventName: "gen_ai.evaluation.result", attributes: judged, timestamp: start, context: within });
logger.emit({ body: "seen", severityText: "WARN", severityNumber: 13, attributes: { n: 1 }, timestamp: start, context: within });

await Promise.all([spans.shutdown(), logs.shutdown()]);
