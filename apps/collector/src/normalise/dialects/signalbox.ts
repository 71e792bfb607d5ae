import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/** Spans of our own runtime: OpenTelemetry's conventions, whatever else a process adds to its spans. */
export const SIGNALBOX: Dialect = { ...OTEL_GEN_AI, name: "signalbox", prefixes: [], marks: [KEYS.taskId] };
