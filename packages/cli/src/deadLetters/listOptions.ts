import { DeadLetterState } from "@signalbox/model";
import { type Command, Option } from "commander";
import { wholeNumber } from "../commandLine/verb.ts";
import { type LetterFilterFlags, withLetterFilter } from "./letterFilter.ts";

/** The filter value for letters in any state. */
export const ANY_STATE = "all";

/** The flags of `signalbox dlq list`. */
export interface ListFlags extends LetterFilterFlags {
  state: string;
  letters?: boolean;
  limit: number;
}

/** Adds the flags of `signalbox dlq list`, which shows open letters by default. */
export function withListOptions(command: Command): Command {
  return withLetterFilter(command)
    .addOption(new Option("--state <state>", "what became of them").choices([...DeadLetterState.options, ANY_STATE]).default("open"))
    .option("--letters", "show the letters themselves, the one that failed last first")
    .option("--limit <n>", "how many groups or letters", wholeNumber(1, 1_000), 50);
}
