import { REDRIVE_LIMITS } from "@signalbox/model";
import type { Command } from "commander";
import { number, wholeNumber } from "../commandLine/verb.ts";
import { type SelectionFlags, withSelectionOptions } from "./letterSelection.ts";

/** The flags of `signalbox dlq replay`. */
export interface ReplayFlags extends SelectionFlags {
  dryRun?: boolean;
  name?: string;
  reason?: string;
  rate: number;
  tryFirst?: number;
  toVersion?: string;
  payload?: string;
  yes?: string;
  wait?: boolean;
}

/** Adds the flags of `signalbox dlq replay`. */
export function withReplayOptions(command: Command): Command {
  return withSelectionOptions(command)
    .option("--dry-run", "show what it would come to, and change nothing")
    .option("--reason <text>", "why, for the record")
    .option("--name <name>", "what this redrive is called (default: replay)")
    .option(
      "--rate <n>",
      `how many letters a second at most, ${REDRIVE_LIMITS.ratePerSecondMin} to ${REDRIVE_LIMITS.ratePerSecondMax}`,
      number,
      50,
    )
    .option("--try-first <n>", "put so many back in line first, and the rest only when all of them ended well", wholeNumber(1, 1_000))
    .option(
      "--to-version <version>",
      "the version of the agent that runs them: a name, or same for the one that failed (default: any that serves)",
    )
    .option("--payload <file>", "run one letter with this request (JSON) in place of its own, which stays on record")
    .option("--yes <number>", "how many letters it is, or the redrive's name: that you mean them all")
    .option(
      "--wait",
      "wait for the end: exit code 0 when all ended well, 1 when some failed again or it was stopped, 3 when it was paused or cancelled",
    );
}
