import { resolve } from "node:path";
import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { issuesText } from "../errors/issueText.ts";
import { portsAt } from "./ports.ts";

/** The largest offset that keeps every port within TCP's range. */
const PORT_OFFSET_MAX = 65_535 - Math.max(...Object.values(portsAt(0)));

const isPortOffset = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= PORT_OFFSET_MAX;

/** `SIGNALBOX_PORT_OFFSET`: the offset added to every port; default 0. */
export const PortOffset = z
  .string()
  .refine(isPortOffset, `it has to be a whole number from 0 to ${PORT_OFFSET_MAX}`)
  .transform(Number)
  .default(0);

/** `SIGNALBOX_LOG_LEVEL`, one of pino's levels; default `info`. */
export const LogLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info");

/** `SIGNALBOX_DATA_DIR`: the absolute path of the data folder; a relative path is resolved against the working directory. */
export const DataDir = z.string().transform((path) => resolve(path));

/** The variables that are set: an empty one, or one of spaces, counts as unset. */
export function setVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== ""),
  );
}

/**
 * Reads the settings of the part named `whose` from an environment; an empty variable counts as unset, and variables outside
 * the schema are ignored. Throws `infrastructure` that names each invalid variable and its expected form, but never its value.
 */
export function readEnvironment<Settings extends z.ZodObject>(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  whose: string,
): z.output<Settings> {
  const parsed = settings.safeParse(setVariables(env));
  if (parsed.success) return parsed.data;
  throw new AppError("infrastructure", `The settings of ${whose} are wrong: ${issuesText(parsed.error)}.`, {
    hint: "docs/settings.md lists every setting; an empty variable counts as unset.",
  });
}
