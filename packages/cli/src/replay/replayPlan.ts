import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError, issueText, PromptName, type PromptSetting, ReplayPlan, ToolSubstitute } from "@signalbox/model";
import { z } from "zod";

/** The flags that make up a replay's plan. */
export interface ReplayFlags {
  mode?: string;
  from?: string;
  against?: string;
  set?: readonly string[];
  allowEffects?: boolean;
}

/** A tool's answers in a file: one text or answer for every call, or a list in which calls are matched by their arguments. */
const Answers = z.union([
  z.string().transform((output) => [ToolSubstitute.parse({ output })]),
  ToolSubstitute.transform((answer) => [answer]),
  z.array(ToolSubstitute).min(1),
]);

const MODULES = new Set([".js", ".mjs", ".ts"]);

function refuse(what: string, cause?: unknown): AppError {
  return new AppError("invalid_input", what, {
    cause,
    hint: "--set takes tool.NAME=FILE, prompt=NAME@VERSION or prompt=FILE, and model=NAME.",
  });
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw refuse(`${path} cannot be read.`, cause);
  });
}

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(`${where} is no JSON.`, cause);
  }
}

/** The given content: JSON itself, or that of a file: the default export of a module, or JSON. */
async function readContent(given: string): Promise<unknown> {
  if (/^\s*["[{]/.test(given)) return readJson(given, "What the tool is set to");
  const path = resolve(given);
  if (MODULES.has(extname(path))) {
    const module = await import(pathToFileURL(path).href).catch((cause: unknown) => {
      throw refuse(`${path} cannot be loaded.`, cause);
    });
    return module.default;
  }
  return readJson(await readText(path), path);
}

async function readAnswers(given: string): Promise<ToolSubstitute[]> {
  const answers = Answers.safeParse(await readContent(given));
  if (answers.success) return answers.data;
  throw refuse(
    `${given} holds no answers of a tool: a text, { "output": … }, or a list of these, each with the "arguments" that it answers.`,
  );
}

/** A prompt of the code by its name, or the text of a file. */
async function readPrompt(given: string): Promise<PromptSetting> {
  if (PromptName.safeParse(given).success) return { name: given };
  const text = await readText(resolve(given));
  if (text.trim() === "") throw refuse(`${given} is empty.`);
  return { text };
}

/** The flag behind a path in a plan. */
function placeOf([field, tool, at]: readonly PropertyKey[]): string {
  if (field === undefined) return "This is no replay";
  return field === "tools" ? `--set tool.${String(tool)}, answer ${Number(at) + 1}` : `--${String(field)}`;
}

/** What a plan sets that is neither on record nor the version's own, as `--set` names it. */
export function settingsOf({ model, prompt, tools }: Pick<ReplayPlan, "model" | "prompt" | "tools">): string[] {
  return [
    ...(model === null ? [] : [`model=${model}`]),
    ...(prompt === null ? [] : [`prompt=${"name" in prompt ? prompt.name : "a text"}`]),
    ...Object.keys(tools).map((name) => `tool.${name}`),
  ];
}

/** The plan that the flags make up. Throws `invalid_input` for invalid ones. */
export async function replayPlanOf({ mode, from, against, set = [], allowEffects }: ReplayFlags): Promise<ReplayPlan> {
  const tools: Record<string, ToolSubstitute[]> = {};
  let prompt: PromptSetting | null = null;
  let model: string | null = null;
  for (const setting of set) {
    const at = setting.indexOf("=");
    const [name, value] = [setting.slice(0, Math.max(at, 0)), setting.slice(at + 1)];
    if (at < 1 || value === "") throw refuse(`"${setting}" sets nothing.`);
    if (name === "model") model = value;
    else if (name === "prompt") prompt = await readPrompt(value);
    else if (name.startsWith("tool.") && name.length > "tool.".length) tools[name.slice("tool.".length)] = await readAnswers(value);
    else throw refuse(`There is nothing called "${name}" to set.`);
  }
  const plan = ReplayPlan.safeParse({
    ...{ mode, against: against ?? null, prompt, model, tools, allowsEffects: allowEffects ?? false },
    ...(from === undefined ? {} : { from: Number(from) }),
  });
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues as [z.core.$ZodIssue];
  throw new AppError("invalid_input", `${placeOf(issue.path)}: ${issueText(issue)}.`, {
    hint: "Go live with --mode live, and --from STEP.",
  });
}
