import { AppError } from "@signalbox/model";
import { parseJson, readMultipart } from "../../../decode/index.ts";

/** An example in a form: what its parts hold, by the field that each is; null for what is told about the example itself. */
export interface ToldExample {
  id: string;
  parts: { field: string | null; content: Buffer }[];
}

const PART = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(inputs|outputs))?$/i;

const EXAMPLES_MAX = 1_000;

/** The examples of a form, at most `EXAMPLES_MAX`, in its order. Throws `AppError` and `MalformedBody`. */
export function partsByExample(form: Buffer): ToldExample[] {
  const { parts, cut } = readMultipart(form);
  if (cut.length > 0) throw new AppError("invalid_input", "the form does not end where its parts do");
  const examples = new Map<string, ToldExample>();
  for (const { name, content } of parts) {
    const [, id, field = null] = PART.exec(name) ?? [];
    if (id === undefined) throw new AppError("invalid_input", `an example has inputs and outputs here; the part "${name}" is neither`);
    const key = id.toLowerCase();
    const example = examples.get(key) ?? { id: key, parts: [] };
    example.parts.push({ field, content });
    examples.set(key, example);
  }
  if (examples.size > EXAMPLES_MAX) throw new AppError("invalid_input", `more than ${EXAMPLES_MAX} examples in one request`);
  return [...examples.values()];
}

/** What the parts of an example tell. Throws `MalformedBody`. From entries, so that a field named `__proto__` is a field like any other. */
export function bodyOf(parts: ToldExample["parts"]): Record<string, unknown> {
  const entries = parts.flatMap(({ field, content }): [string, unknown][] => {
    const told = parseJson(content);
    return field === null ? Object.entries(told) : [[field, told]];
  });
  return Object.fromEntries(entries);
}
