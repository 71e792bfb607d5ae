import { AppError } from "@signalbox/model";
import type { z } from "zod";

/** Arguments as `schema` reads them. Throws `invalid_input` with what is wrong with which of them. */
export function parseArguments<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("invalid_input", `Wrong ${String(issue?.path[0] ?? "argument")}: ${issue?.message}.`, {
    hint: "Add --help to see what the command takes.",
  });
}
