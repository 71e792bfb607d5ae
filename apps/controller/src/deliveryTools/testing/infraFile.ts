import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

/** The documents of a template in `infra/`. */
export function infraFile(path: string): Record<string, unknown>[] {
  const text = readFileSync(new URL(`../../../../../infra/${path}`, import.meta.url), "utf8");
  const documents = parseAllDocuments(text);
  if ("empty" in documents) throw new TypeError(`${path} is empty`);
  return documents.map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Record<string, unknown>;
  });
}
