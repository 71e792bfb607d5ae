import { readFileSync } from "node:fs";
import { AppError, changedRules, type IntakeRules, IntakeRulesChange } from "@signalbox/model";
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";

/** Rules as somebody wrote them, and where in the file each part of them stands. */
export interface RulesFile {
  change: IntakeRulesChange;
  /** Throws `invalid_input` that names the line of the first thing that is wrong. */
  applyTo(rules: IntakeRules): IntakeRules;
}

/** Reads a file of rules in YAML or JSON. Throws `invalid_input` where it is neither, or says what rules do not have. */
export function readRulesFile(path: string): RulesFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const [broken] = document.errors;
  if (broken !== undefined) throw wrongAt(path, lineAt(broken.pos[0]), broken.message.split("\n")[0]?.replace(/ at line .*/, "") ?? "");

  const refuse = (issue: z.core.$ZodIssue): AppError => {
    const [unknown] = issue.code === "unrecognized_keys" ? issue.keys : [];
    const place = unknown === undefined ? issue.path : [...issue.path, unknown];
    const offset = offsetOf(document.contents, place);
    const what = unknown === undefined ? issue.message : "there is no such rule";
    return wrongAt(path, offset === null ? 1 : lineAt(offset), `${place.join(".")}: ${what}`);
  };
  const parsed = IntakeRulesChange.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw refuse(parsed.error.issues[0] as z.core.$ZodIssue);
  return {
    change: parsed.data,
    applyTo(rules) {
      const changed = changedRules(rules, parsed.data);
      if (!changed.success) throw refuse(changed.error.issues[0] as z.core.$ZodIssue);
      return changed.data;
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function wrongAt(path: string, line: number, what: string): AppError {
  return new AppError("invalid_input", `${path}:${line}: ${what}.`, {
    hint: "docs/guides/redaction-and-sampling.md shows what a file of rules may say.",
  });
}

/** Where the deepest part of `path` that is there begins: the key of a member, or an item of a list. */
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
