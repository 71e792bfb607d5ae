import { DeadLetterState } from "@signalbox/model";
import { type Command, Option } from "commander";
import { wholeNumber } from "../commandLine/verb.ts";
import { type LetterFilterFlags, withLetterFilter } from "./letterFilter.ts";

/** Letters in whatever state. */
export const ANY_STATE = "all";

/** What `signalbox dlq list` may be told. */
export interface ListFlags extends LetterFilterFlags {
  state: string;
  letters?: boolean;
  limit: number;
}

/** Adds what `signalbox dlq list` may be told; open letters are meant unless another state is named. */
export function withListOptions(command: Command): Command {
  return withLetterFilter(command)
    .addOption(new Option("--state <state>", "what became of them").choices([...DeadLetterState.options, ANY_STATE]).default("open"))
    .option("--letters", "show the letters themselves, the one that failed last first")
    .option("--limit <n>", "how many groups or letters", wholeNumber(1, 1_000), 50);
}
