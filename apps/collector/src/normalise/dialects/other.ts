import type { Dialect } from "../dialect.ts";

/** Spans of no known convention: they have the fields that OpenTelemetry gives every span, and those of `COMMON`. */
export const OTHER: Dialect = { name: "other", prefixes: [""], texts: {}, counts: {}, bodies: {}, costUsd: [], kindKeys: [], kinds: {} };
