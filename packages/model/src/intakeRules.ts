import { z } from "zod";
import { RedactionRules } from "./redaction/index.ts";
import { SamplingRules } from "./sampling.ts";

/** What is done to a project's telemetry before it is stored. */
export const IntakeRules = z.strictObject({ redaction: RedactionRules, sampling: SamplingRules });
export type IntakeRules = z.infer<typeof IntakeRules>;
