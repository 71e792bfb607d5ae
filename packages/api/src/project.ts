import { DEFAULT_PROJECT, ProjectName } from "@signalbox/model";
import { z } from "zod";

/** The project of a request. */
export const Project = ProjectName.default(DEFAULT_PROJECT);

/** A trace's id: lower-case hex, as OpenTelemetry writes it. */
export const TraceId = z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits");

/** Which project and which trace. */
export const TraceAddress = z.strictObject({ project: Project, traceId: TraceId });
