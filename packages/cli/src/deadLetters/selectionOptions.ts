import { DeadLetterCause } from "@signalbox/model";
import { type Command, Option } from "commander";

/** What says which dead letters are meant. */
export interface SelectionFlags {
  project: string;
  group?: string;
  cause?: string;
  errorClass?: string;
  agentVersion?: string;
  text?: string;
  since?: string;
  before?: string;
  allOpen?: boolean;
}

/** Adds the flags that say which dead letters are meant. */
export function withSelectionOptions(command: Command): Command {
  return command
    .option("--project <name>", "whose dead letters", "default")
    .option("--group <fingerprint>", "all of a group")
    .addOption(new Option("--cause <cause>", "given up for this cause").choices(DeadLetterCause.options))
    .option("--error-class <class>", "whose last attempt ended in an error of this class")
    .option("--agent-version <version>", "that this version of the agent failed at")
    .option("--text <text>", "with this in their message, in either case")
    .option("--since <time>", "that failed at this time or later (ISO 8601, or a duration back: 90m, 24h, 7d)")
    .option("--before <time>", "that failed before this time")
    .option("--all-open", "all that nobody has dealt with");
}
