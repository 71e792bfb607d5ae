import { AppError, errorMessage, FAILURES } from "@signalbox/model";
import { CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exitCode.ts";

/** A command's failure: its text, and the exit code. `code` is a name that scripts may match on. */
export interface Failure {
  code: string;
  message: string;
  hint: string | undefined;
  exitCode: ExitCode;
}

/** Commander's message is `error: text`, with the nearest name on a second line when there is one. */
function usageFailure(error: CommanderError): Failure {
  const [what = "", nearest] = error.message.replace(/^error: /, "").split("\n");
  return {
    code: "usage",
    message: `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, "")}.`,
    hint: nearest?.replace(/^\(|\)$/g, "") ?? "Add --help to see what the command takes.",
    exitCode: EXIT.usage,
  };
}

/** Any thrown value as a failure for people. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommanderError) return usageFailure(error);
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, hint: error.hint, exitCode: FAILURES[error.code].exitCode };
  }
  const what = errorMessage(error);
  return {
    code: "infrastructure",
    message: `Something failed that Signalbox did not expect: ${what}`,
    hint: "Run it again with --verbose to see the cause.",
    exitCode: EXIT.infrastructure,
  };
}

/** The chain of causes of an error, outermost first, with stacks, which `--verbose` prints. */
export function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  for (let at: unknown = error; at !== undefined && causes.length < 10; at = at instanceof Error ? at.cause : undefined) {
    causes.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
  }
  return causes;
}
