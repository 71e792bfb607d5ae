import { AppError, issuesText } from "@signalbox/model";
import type { z } from "zod";

/** The body of a request as its schema reads it; a body that does not fit is `invalid_input`, naming every field that is wrong. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
  return parsed.data;
}
