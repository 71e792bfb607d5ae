import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { AppError, issuesText } from "@signalbox/model";
import type { z } from "zod";

/** The JSON value of a line, or its fault. */
function parseLine<Schema extends z.ZodType>(
  text: string,
  schemaOf: (json: unknown) => Schema,
): { value?: z.output<Schema>; problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: "this is not valid JSON" };
  }
  const line = schemaOf(json).safeParse(json);
  if (line.success) return { value: line.data, problem: "" };
  return { problem: issuesText(line.error) };
}

/**
 * Reads a file of one JSON document per line without holding all of it; empty lines are skipped. `schemaOf`
 * chooses the schema of a line. Throws `invalid_input` naming the first faulty line; `hint` shows an example.
 */
export async function* jsonLines<Schema extends z.ZodType>(
  path: string,
  schemaOf: (json: unknown) => Schema,
  hint: string,
): AsyncGenerator<{ number: number; text: string; value: z.output<Schema> }> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === "") continue;
    const { value, problem } = parseLine(text, schemaOf);
    if (value === undefined) throw new AppError("invalid_input", `${path}:${number}: ${problem}.`, { hint });
    yield { number, text, value };
  }
}
