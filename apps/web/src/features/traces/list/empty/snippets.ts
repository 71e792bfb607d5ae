/** A complete program that sends one span; `endpoint` is the collector's URL. */
export function nodeSnippet(endpoint: string): string {
  return `// npm install @opentelemetry/sdk-trace @opentelemetry/exporter-trace-otlp-proto
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const exporter = new OTLPTraceExporter({ url: "${endpoint}/v1/traces" });
const provider = new TracerProvider({
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
const span = provider.getTracer("my-agent").startSpan("chat gpt-4o");
span.setAttributes({
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 12,
});
span.end();
await provider.shutdown();`;
}

/** A curl command that sends one span, without anything to install. */
export function curlSnippet(endpoint: string): string {
  return `now=$(date +%s)000000000
curl ${endpoint}/v1/traces -H "Content-Type: application/json" -d '
{"resourceSpans":[{"scopeSpans":[{"spans":[{
  "traceId":"'$(openssl rand -hex 16)'", "spanId":"'$(openssl rand -hex 8)'",
  "name":"chat gpt-4o", "kind":3,
  "startTimeUnixNano":"'$now'", "endTimeUnixNano":"'$now'",
  "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}}]
}]}]}]}'`;
}

/** Environment variables for a program that is already instrumented. */
export function environmentSnippet(endpoint: string): string {
  return `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;
}
