import type { Command } from "commander";
import { type SelectionFlags, withSelectionOptions } from "./letterSelection.ts";

/** The flags of `signalbox dlq discard`. */
export interface DiscardFlags extends SelectionFlags {
  dryRun?: boolean;
  reason?: string;
  yes?: string;
}

/** Adds the flags of `signalbox dlq discard`. */
export function withDiscardOptions(command: Command): Command {
  return withSelectionOptions(command)
    .option("--dry-run", "show how many it would be, and change nothing")
    .option("--reason <text>", "why, for the record")
    .option("--yes <number>", "how many letters it is: that you mean them all");
}
