import { storableText } from "../storableText.ts";
import { type ErrorReport, type NamedError, REPORT_LIMITS } from "./errorReport.ts";
import { AppError } from "./errors.ts";

const { messageCharactersMax, nameCharactersMax, frameCharactersMax, causesMax } = REPORT_LIMITS;

const cut = (text: string, charactersMax: number): string => storableText(text.slice(0, charactersMax));

function nameError(error: unknown): NamedError {
  if (!(error instanceof Error)) return { class: "unknown", message: cut(String(error), messageCharactersMax) };
  const name = cut(String(error instanceof AppError ? error.code : error.name), nameCharactersMax) || "Error";
  return { class: name, message: cut(error.message, messageCharactersMax) };
}

/** A line of a stack trace: the function, the file, and the line number. */
const STACK_LINE = /^\s+at (?:async )?(?:(?<called>.+) \()?(?:file:\/\/)?(?<file>[^()]+?):(?<line>\d+):\d+\)?$/;

/** The topmost stack line that belongs neither to Node nor to a dependency. */
function ownFrame(stack: string | undefined): string | null {
  for (const text of stack?.split("\n") ?? []) {
    const { called, file, line } = STACK_LINE.exec(text)?.groups ?? {};
    if (file === undefined || file.startsWith("node:") || file.includes("/node_modules/")) continue;
    const place = /(?:^|\/)((?:apps|packages)\/.*)$/.exec(file)?.[1] ?? file.split("/").slice(-2).join("/");
    // The receiver of the call depends on the caller, so it is left out.
    return `${called?.replace(/^Object\.| \[as .*\]$/g, "") ?? "(top level)"} (${place}:${line})`.slice(0, frameCharactersMax);
  }
  return null;
}

function causesOf(error: unknown): NamedError[] {
  const chain: NamedError[] = [];
  for (let cause = error; chain.length < causesMax && cause instanceof Error && cause.cause !== undefined; cause = cause.cause)
    chain.push(nameError(cause.cause));
  return chain;
}

/** The report of a thrown value. An error that came from another process keeps the report that was made there. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof AppError && error.report !== undefined) return error.report;
  return { ...nameError(error), chain: causesOf(error), frame: error instanceof Error ? ownFrame(error.stack) : null };
}
