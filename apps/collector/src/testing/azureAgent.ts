import { AzureMonitorLogExporter, AzureMonitorTraceExporter } from "@azure/monitor-opentelemetry-exporter";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";

// An agent that exports its telemetry through Azure Monitor's exporter. It runs in a process of its own because trusted certificates are
// set at a process's start. The exporter is built for an older major version of the SDK, whose spans and records differ only in their
// types.

const [, , connectionString = ""] = process.argv;
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
const chat = tracer.startSpan("chat gpt-4o", { kind: SpanKind.CLIENT, startTime: start }, within);
chat.setAttributes({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 1_000,
  "gen_ai.usage.output_tokens": 10,
  "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "größe \u{1f600}" }] }]),
});
chat.end(new Date(start.getTime() + 1_234));
root.end(new Date(start.getTime() + 2_000));

const judged = { "gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.9 };
const logger = logs.getLogger("my-agent");
logger.emit({ eventName: "gen_ai.evaluation.result", attributes: judged, timestamp: start, context: within });
logger.emit({ body: "seen", severityText: "WARN", severityNumber: 13, attributes: { n: 1 }, timestamp: start, context: within });

await Promise.all([spans.shutdown(), logs.shutdown()]);
