import { type Command, Option } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";
import { QUEUE_STORES } from "../runtime/benchRuntimeOptions.ts";

/** The flags of `signalbox bench chaos`. */
export function withBenchChaosOptions(command: Command): Command {
  return command
    .option("--tasks <n>", "how many tasks are sent", wholeNumber(1, 1_000_000), 5_000)
    .option(
      "--kills <n>",
      "how often a worker, gateway, collector, controller, store or the supervisor is killed",
      wholeNumber(0, 10_000),
      50,
    )
    .addOption(new Option("--queue <store>", "where the queue is").choices(QUEUE_STORES).default("postgres"))
    .option("--seed <n>", "the same seed sends the same tasks and plans the same kills", wholeNumber(0, 2 ** 32 - 1), 1);
}
