import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/** What our own runtime writes: OpenTelemetry's conventions, whatever else a process adds to its spans. */
export const SIGNALBOX: Dialect = { ...OTEL_GEN_AI, name: "signalbox", prefixes: [], marks: [KEYS.taskId] };
