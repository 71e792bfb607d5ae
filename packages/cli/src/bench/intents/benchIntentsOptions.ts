import type { Command } from "commander";
import { each, wholeNumber } from "../../commandLine/verb.ts";

/** The flags of `signalbox bench intents`. */
export function withBenchIntentsOptions(command: Command): Command {
  return command
    .requiredOption("--test <file>", "the rows that are sent as tasks, which the model never sees; may be given more than once", each)
    .option("--domain <name>", "the agent's domain, which has plans for the intents", "banking")
    .option("--no-plans", "the domain has no plans for these intents: only what the agent understood is judged")
    .option("--rows <n>", "send so many of the rows only, spread evenly over them", wholeNumber(1, 1_000_000))
    .option("--out-of-scope-intent <name>", "what the data calls rows that want none of its intents", "oos")
    .option("--seed <n>", "the same data and seed give the same model, byte for byte", wholeNumber(0, 2 ** 31 - 1), 0);
}
