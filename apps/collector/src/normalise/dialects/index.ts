import { KEYS } from "@signalbox/model";
import type { Dialect, Keys, TextField } from "../dialect.ts";
import { LANGSMITH } from "./langsmith.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";
import { OTHER } from "./other.ts";

/** In the order of precedence; the last one takes every span. */
export const DIALECTS: readonly Dialect[] = [LANGSMITH, OTEL_GEN_AI, OTHER];

/** What every dialect shares: OpenTelemetry's general conventions and our own keys, looked at after the dialect's. */
export const COMMON: Readonly<Partial<Record<TextField, Keys>>> = {
  session: ["session.id"],
  user: [KEYS.userId, "enduser.id"],
  variant: [KEYS.variant],
};
