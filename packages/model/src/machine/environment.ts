import { resolve } from "node:path";
import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { issuesText } from "../errors/issueText.ts";
import { portsAt } from "./ports.ts";

/** The largest offset that leaves every port in TCP's range. */
const PORT_OFFSET_MAX = 65_535 - Math.max(...Object.values(portsAt(0)));

const isPortOffset = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= PORT_OFFSET_MAX;

/** `SIGNALBOX_PORT_OFFSET`: how far all ports of a Signalbox are moved; 0 unless it is set. */
export const PortOffset = z
  .string()
  .refine(isPortOffset, `it has to be a whole number from 0 to ${PORT_OFFSET_MAX}`)
  .transform(Number)
  .default(0);

/** `SIGNALBOX_LOG_LEVEL`, in the words of pino; `info` unless it is set. */
export const LogLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info");

/** `SIGNALBOX_DATA_DIR`: the absolute path of the data folder; a relative one starts where the process does. */
export const DataDir = z.string().transform((path) => resolve(path));

/** The variables that are set: an empty one, or one of spaces, counts as unset. */
export function setVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== ""),
  );
}

/**
 * Reads the settings of `whose` part out of an environment; an empty variable counts as unset, and what the schema does not name is
 * left alone. Throws `infrastructure` that names each variable that is wrong and what it has to be, and nothing of what it holds.
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
