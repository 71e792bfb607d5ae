import { DEFAULT_PROJECT, ProjectName } from "@signalbox/model";
import { z } from "zod";

/** The project of a request. */
export const Project = ProjectName.default(DEFAULT_PROJECT);

/** A trace of a project. Ids are lower-case hex, as in OpenTelemetry. */
export const TraceAddress = z.strictObject({
  project: Project,
  traceId: z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits"),
});
