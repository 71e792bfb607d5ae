import { AppError, issuesText } from "@signalbox/model";
import type { z } from "zod";

/** Arguments parsed by `schema`. Throws `invalid_input` naming each faulty argument and its fault. */
export function parseArguments<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const isPlaced = parsed.error.issues.every(({ path }) => path.length > 0);
  throw new AppError("invalid_input", `Wrong ${isPlaced ? "" : "argument: "}${issuesText(parsed.error)}.`, {
    hint: "Add --help to see what the command takes.",
  });
}
