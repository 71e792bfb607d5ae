import { DEFAULT_PROJECT, ProjectName } from "@signalbox/model";
import { z } from "zod";

/** The project that a request asks about. */
export const Project = ProjectName.default(DEFAULT_PROJECT);

/** Which project and which trace. Ids are lower-case hex, as OpenTelemetry writes them. */
export const TraceAddress = z.strictObject({
  project: Project,
  traceId: z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits"),
});
