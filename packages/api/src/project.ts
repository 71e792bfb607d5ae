import { z } from "zod";

/** The project that a request asks about; installations without keys have this one alone. */
export const Project = z.string().min(1).max(63).default("default");

/** Which project and which trace. Ids are lower-case hex, as OpenTelemetry writes them. */
export const TraceAddress = z.strictObject({
  project: Project,
  traceId: z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits"),
});
