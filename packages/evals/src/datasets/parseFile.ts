import { AppError, issueText } from "@signalbox/model";
import { type ParseError, parse } from "jsonc-parser";
import type { z } from "zod";

/** The line (from 1) at which a text is no longer valid JSON. */
function lineOfError(text: string): number {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const before = text.slice(0, errors[0]?.offset ?? text.length);
  return before.split("\n").length;
}

/** A path within a document, as JavaScript would write it: `[3].traj[4].content`, `users["a b"]`. */
function fieldPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(step)) ? `.${String(step)}` : `[${JSON.stringify(String(step))}]`;
  });
  return steps.join("").replace(/^\./, "");
}

/** An error about a file: the file, the place in it, and the problem. `path` is that of a field, empty for the whole document. */
export function fileError(file: string, path: readonly PropertyKey[], problem: string): AppError {
  const where = path.length === 0 ? file : `${file}: ${fieldPath(path)}`;
  return new AppError("invalid_input", `${where}: ${problem}`);
}

/** The JSON value of a file. Throws `invalid_input` naming the file and the line. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", `${file}, line ${lineOfError(text)}: this is not valid JSON`, { cause });
  }
}

/** The JSON value of a file, parsed by a schema. Throws `invalid_input` naming the file and the first faulty field. */
export function parseFile<Schema extends z.ZodType>(file: string, text: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues as [z.core.$ZodIssue];
  throw fileError(file, first.path, issueText(first));
}
