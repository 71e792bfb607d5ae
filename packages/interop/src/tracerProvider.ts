import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { COLLECTOR_URL } from "./settings.ts";

/** The provider of this process, for SDKs without one; it sends each span as it ends. */
export const tracerProvider = new NodeTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${COLLECTOR_URL}/v1/traces` }))],
});
tracerProvider.register();
