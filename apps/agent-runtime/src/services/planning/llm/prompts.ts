import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { AppError, type PromptUsed } from "@signalbox/model";

/** A prompt: a file of this folder, named `<name>@<version>.md`. A version that has been used is not edited; its hash on record would show it. */
export type Prompt = PromptUsed & { text: string };

const FOLDER = new URL("./prompts/", import.meta.url);

/** The prompt of a domain that has none of its own. */
const GENERAL = "support";

function readPrompt(file: string): Prompt {
  const text = readFileSync(new URL(file, FOLDER), "utf8");
  const [name = "", version = ""] = file.replace(/\.md$/, "").split("@");
  return { name, version, text, hash: createHash("sha256").update(text).digest("hex").slice(0, 12) };
}

/** Every prompt, by its name and version. */
export const PROMPTS: ReadonlyMap<string, Prompt> = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => [file.replace(/\.md$/, ""), readPrompt(file)]),
);

function latest(name: string): Prompt | undefined {
  const versions = [...PROMPTS.values()].filter((prompt) => prompt.name === name);
  return versions.sort((a, b) => Number(b.version) - Number(a.version))[0];
}

/** The prompt that is asked for by name and version, or the latest of the domain. Throws `not_found` that names those that are there. */
export function promptFor(domain: string, asked: string | undefined): Prompt {
  const prompt = asked === undefined ? (latest(domain) ?? latest(GENERAL)) : PROMPTS.get(asked);
  if (prompt !== undefined) return prompt;
  throw new AppError("not_found", `There is no prompt ${asked ?? GENERAL}.`, { hint: `There are ${[...PROMPTS.keys()].join(", ")}.` });
}
