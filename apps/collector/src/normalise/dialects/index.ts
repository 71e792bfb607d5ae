import { KEYS } from "@signalbox/model";
import type { Attributes } from "../../decode/index.ts";
import type { Dialect, Keys, TextField } from "../dialect.ts";
import { LANGSMITH } from "./langsmith.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";
import { OTHER } from "./other.ts";

/** In the order of precedence; the last one takes every span. */
const DIALECTS: readonly Dialect[] = [LANGSMITH, OTEL_GEN_AI, OTHER];

/** What every dialect shares: OpenTelemetry's general conventions and our own keys, looked at after the dialect's. */
export const COMMON: Readonly<Partial<Record<TextField, Keys>>> = {
  session: ["session.id"],
  user: [KEYS.userId, "enduser.id"],
  variant: [KEYS.variant],
};

/** The dialect that a span speaks. */
export function dialectOf(attributes: Attributes): Dialect {
  const keys = [...attributes.keys()];
  return DIALECTS.find(({ prefix }) => prefix === "" || keys.some((key) => key.startsWith(prefix))) ?? OTHER;
}
