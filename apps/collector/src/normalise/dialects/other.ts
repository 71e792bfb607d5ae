import type { Dialect } from "../dialect.ts";

/** A span of no convention that we know: it has what OpenTelemetry gives every span, and `COMMON`. */
export const OTHER: Dialect = { name: "other", prefixes: [""], texts: {}, counts: {}, bodies: {}, costUsd: [], kindKeys: [], kinds: {} };
