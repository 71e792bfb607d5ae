import { AppError, KnowledgeDocument } from "@signalbox/model";
import { z } from "zod";

/** A line of JSON Lines: `content` is accepted for `text`, a number for an id, and the title is optional. */
const Line = z
  .looseObject({
    id: z.union([z.string(), z.number()]).transform(String),
    title: z.string().default(""),
    text: z.string().optional(),
    content: z.string().optional(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  })
  .transform(({ id, title, text, content, attributes }) => ({ id, title, text: text ?? content, attributes }));

function checked(where: string, value: unknown): KnowledgeDocument {
  const parsed = KnowledgeDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("invalid_input", `${where}: ${issue?.path.join(".") || "the document"}: ${issue?.message}.`);
}

function readLine(where: string, line: string): KnowledgeDocument {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AppError("invalid_input", `${where}: this is not valid JSON.`);
  }
  const parsed = Line.safeParse(value);
  if (parsed.success) return checked(where, parsed.data);
  const [issue] = parsed.error.issues;
  throw new AppError("invalid_input", `${where}: ${issue?.path.join(".") || "the document"}: ${issue?.message}.`);
}

/** The first heading of a Markdown text. */
const HEADING = /^#{1,6}\s+(.+?)\s*#*\s*$/m;

/** Readers by file extension. `name` identifies the file among those that are loaded. */
const READERS: Readonly<Record<string, (name: string, text: string) => KnowledgeDocument[]>> = {
  jsonl: (name, text) => text.split(/\r?\n/).flatMap((line, at) => (line.trim() === "" ? [] : [readLine(`${name}, line ${at + 1}`, line)])),
  md: (name, text) => [checked(name, { id: name, title: HEADING.exec(text)?.[1] ?? name, text, attributes: {} })],
};

const kindOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1).toLowerCase();

/** The file extensions that `readDocuments` reads. */
export const DOCUMENT_FILE_KINDS: readonly string[] = Object.keys(READERS);

/**
 * The documents of a file: JSON Lines with `id`, `text` (or `content`) and optional `title` and `attributes`, or a
 * Markdown text, which is one document named after its file. Throws `invalid_input` naming the file and the line.
 */
export function readDocuments(name: string, text: string): KnowledgeDocument[] {
  const read = READERS[kindOf(name)];
  if (read === undefined)
    throw new AppError("invalid_input", `${name} is of no kind that is read here.`, {
      hint: `Kinds are ${DOCUMENT_FILE_KINDS.join(", ")}.`,
    });
  return read(name, text);
}
