import { ToolRequest } from "@signalbox/model";
import { z } from "zod";

/**
 * An item to run: the target's input and the expectation, null where
 * unspecified. `metadata` is for people, and names the unit that items share.
 */
export const RunItem = z.object({
  id: z.string().min(1),
  input: z.unknown().refine((input) => input !== undefined && input !== null, "is missing"),
  expectedOutput: z.unknown().default(null),
  expectedToolCalls: z.array(ToolRequest).nullable().default(null),
  expectedState: z.record(z.string(), z.unknown()).nullable().default(null),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
export type RunItem = z.infer<typeof RunItem>;
