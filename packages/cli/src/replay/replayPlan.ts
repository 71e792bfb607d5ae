import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError, ReplayPlan, ToolSubstitute } from "@signalbox/model";
import { z } from "zod";

/** What a replay may be told. */
export interface ReplayFlags {
  against?: string;
  set?: readonly string[];
}

/** Answers of a tool as a file has them: one text or answer for every call, or a list in which calls find theirs by their arguments. */
const Answers = z.union([
  z.string().transform((output) => [ToolSubstitute.parse({ output })]),
  ToolSubstitute.transform((answer) => [answer]),
  z.array(ToolSubstitute).min(1),
]);

const MODULES = new Set([".js", ".mjs", ".ts"]);

function refuse(what: string, cause?: unknown): AppError {
  return new AppError("invalid_input", what, { cause, hint: "--set takes tool.NAME=FILE." });
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw refuse(`${path} cannot be read.`, cause);
  });
}

/** What a file says: the default export of a module, or JSON. */
async function readContent(path: string): Promise<unknown> {
  if (MODULES.has(extname(path))) {
    const module = await import(pathToFileURL(path).href).catch((cause: unknown) => {
      throw refuse(`${path} cannot be loaded.`, cause);
    });
    return module.default;
  }
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(`${path} is no JSON.`, cause);
  }
}

async function readAnswers(path: string): Promise<ToolSubstitute[]> {
  const answers = Answers.safeParse(await readContent(path));
  if (answers.success) return answers.data;
  throw refuse(
    `${path} holds no answers of a tool: a text, { "output": … }, or a list of these, each with the "arguments" that it answers.`,
  );
}

/** The plan that flags ask for. Throws `invalid_input` for what they do not mean. */
export async function replayPlanOf({ against, set = [] }: ReplayFlags): Promise<ReplayPlan> {
  const tools: Record<string, ToolSubstitute[]> = {};
  for (const setting of set) {
    const at = setting.indexOf("=");
    const [name, value] = [setting.slice(0, Math.max(at, 0)), setting.slice(at + 1)];
    if (at < 1 || value === "") throw refuse(`"${setting}" sets nothing.`);
    if (name.startsWith("tool.") && name.length > "tool.".length) tools[name.slice("tool.".length)] = await readAnswers(resolve(value));
    else throw refuse(`There is nothing called "${name}" to set.`);
  }
  return ReplayPlan.parse({ against: against ?? null, tools });
}
