import { readdirSync, readFileSync } from "node:fs";
import { AppError, type PromptUsed, sha256 } from "@signalbox/model";

/** A prompt from a file. A version that has been used is never edited; the recorded hash would show it. */
export type Prompt = PromptUsed & { text: string };

/**
 * General prompts are files `<name>@<version>.md` in this folder; a domain's own prompt is `prompt@<version>.md` in the domain's folder.
 */
const GENERAL_FOLDER = new URL("./prompts/", import.meta.url);
const DOMAINS_FOLDER = new URL("../../../domains/", import.meta.url);

/** The prompt of a domain without one of its own. */
const GENERAL = "support";

function hashOf(text: string): string {
  return sha256(text).slice(0, 12);
}

function promptFilesIn(folder: URL): string[] {
  return readdirSync(folder).filter((file) => /@\d+\.md$/.test(file));
}

/** The prompts of a folder; `called` replaces the name in their file names. */
function readPrompts(folder: URL, called?: string): Prompt[] {
  return promptFilesIn(folder).map((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const [name = "", version = ""] = file.replace(/\.md$/, "").split("@");
    return { name: called ?? name, version, text, hash: hashOf(text) };
  });
}

function readDomainPrompts(): Prompt[] {
  const domains = readdirSync(DOMAINS_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return domains.flatMap(({ name }) => readPrompts(new URL(`${name}/`, DOMAINS_FOLDER), name));
}

/** Every prompt, by its name and version. */
export const PROMPTS: ReadonlyMap<string, Prompt> = new Map(
  [...readPrompts(GENERAL_FOLDER), ...readDomainPrompts()].map((prompt) => [`${prompt.name}@${prompt.version}`, prompt]),
);

function latest(name: string): Prompt | undefined {
  const versions = [...PROMPTS.values()].filter((prompt) => prompt.name === name);
  return versions.sort((a, b) => Number(b.version) - Number(a.version))[0];
}

/** A prompt on trial, given as text instead of a file. */
export function promptOfText(text: string): Prompt {
  return { name: "tried", version: "0", text, hash: hashOf(text) };
}

/** The prompt with the asked name and version, or the domain's latest. Throws `not_found` with the known ones. */
export function promptFor(domain: string, asked: string | undefined): Prompt {
  const prompt = asked === undefined ? (latest(domain) ?? latest(GENERAL)) : PROMPTS.get(asked);
  if (prompt !== undefined) return prompt;
  throw new AppError("not_found", `There is no prompt ${asked ?? GENERAL}.`, {
    hint: `There are ${[...PROMPTS.keys()].sort().join(", ")}.`,
  });
}
