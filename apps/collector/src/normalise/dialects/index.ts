import { KEYS } from "@signalbox/model";
import type { Dialect, Keys, TextField } from "../dialect.ts";
import { AGENT_OPS, AGENT_OPS_JS } from "./agentOps.ts";
import { AZURE } from "./azure.ts";
import { GENKIT, LAMINAR, MLFLOW, PYDANTIC } from "./fallbacks.ts";
import { LANGFUSE } from "./langfuse.ts";
import { LANGSMITH } from "./langsmith.ts";
import { OPEN_INFERENCE } from "./openInference.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";
import { OTHER } from "./other.ts";
import { SIGNALBOX } from "./signalbox.ts";
import { TRACELOOP } from "./traceloop.ts";
import { VERCEL_AI } from "./vercelAi.ts";

/** Spans that name their operation in OpenTelemetry's terms: they follow its conventions whatever a framework adds. */
const OTEL_OPERATION: Dialect = { ...OTEL_GEN_AI, prefixes: [], marks: [KEYS.operation] };

/**
 * The dialects in order of precedence: our own, those with kinds of their own, those that extend OpenTelemetry's operations, the operations
 * alone, Vercel's, those that say less, and finally anything with one of OpenTelemetry's keys. The last dialect takes every span.
 */
export const DIALECTS: readonly Dialect[] = [
  SIGNALBOX,
  LANGFUSE,
  OPEN_INFERENCE,
  AGENT_OPS,
  AGENT_OPS_JS,
  LAMINAR,
  TRACELOOP,
  LANGSMITH,
  AZURE,
  PYDANTIC,
  OTEL_OPERATION,
  VERCEL_AI,
  MLFLOW,
  GENKIT,
  OTEL_GEN_AI,
  OTHER,
];

/** Keys common to all dialects: OpenTelemetry's general conventions and our own, read after the dialect's. */
export const COMMON: Readonly<Partial<Record<TextField, Keys>>> = {
  session: ["session.id"],
  user: [KEYS.userId, "enduser.id"],
  variant: [KEYS.variant],
};
