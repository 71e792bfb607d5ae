import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { issueText } from "./errors/issueText.ts";

/** A fault in a text: the line (from 1), the member's path (`spec.offline.metrics.0.test`, empty for the whole), and a description. */
export interface Placed {
  readonly line: number;
  readonly path: string;
  readonly what: string;
}

/** A YAML or JSON text that remembers where each part stands. `unreadable` is set, and `value` is undefined, where it is neither. */
export interface PlacedYaml {
  readonly value: unknown;
  readonly unreadable: Placed | undefined;
  /** The location of a schema's issue; `unknownKey` is the message for a member that the schema does not have. */
  place(issue: z.core.$ZodIssue, unknownKey: string): Placed;
}

/** Reads a text in YAML or JSON. */
export function readPlacedYaml(text: string): PlacedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number | null): number => (offset === null ? 1 : lines.linePos(offset).line);
  const wrong = (line: number, message: string): Placed => ({
    line,
    path: "",
    what: message.split("\n")[0]?.replace(/ at line .*/, "") ?? "",
  });
  const [broken] = document.errors;
  let unreadable = broken && wrong(lineAt(broken.pos[0]), broken.message);
  let value: unknown;
  try {
    if (unreadable === undefined) value = document.toJS();
  } catch (cause) {
    // Guards against nested aliases, which make a huge value from a small text.
    unreadable = wrong(1, (cause as Error).message);
  }
  return {
    value,
    unreadable,
    place(issue, unknownKey) {
      const [unknown] = issue.code === "unrecognized_keys" ? issue.keys : [];
      const place = unknown === undefined ? issue.path : [...issue.path, unknown];
      return {
        line: lineAt(offsetOf(document.contents, place)),
        path: place.join("."),
        what: unknown === undefined ? issueText(issue) : unknownKey,
      };
    },
  };
}

/** `file:line: member: fault`, in the format of compilers. */
export function placedText(file: string, { line, path, what }: Placed): string {
  return `${file}:${line}: ${path === "" ? "" : `${path}: `}${what}`;
}

/** The offset of the deepest existing part of `path`: the key of a member, or an item of a list. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number | null {
  let offset = root?.range?.[0] ?? null;
  let at: unknown = root;
  for (const step of path) {
    const pair = isMap(at) ? at.items.find(({ key }) => (isScalar(key) ? key.value : key) === step) : undefined;
    const next = pair === undefined ? (at as { get?: (key: unknown, keep: true) => unknown } | undefined)?.get?.(step, true) : pair.value;
    const begin = ((pair?.key ?? next) as Node | undefined)?.range?.[0];
    if (begin === undefined) break;
    offset = begin;
    at = next;
  }
  return offset;
}
