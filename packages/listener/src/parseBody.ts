import { AppError, issuesText } from "@signalbox/model";
import type { z } from "zod";

/** The body of a request, parsed by a schema; throws `invalid_input` naming every faulty field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
  return parsed.data;
}
