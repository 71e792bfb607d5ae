import { type Command, Option } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";

/** The possible stores of the queue. */
export const QUEUE_STORES = ["postgres", "redis"] as const;

/** The flags of `signalbox bench runtime`. */
export function withBenchRuntimeOptions(command: Command): Command {
  return command
    .option("--seconds <n>", "how long to send at full load", wholeNumber(1, 86_400), 60)
    .addOption(new Option("--store <name>", "only with the queue in one of the stores").choices(QUEUE_STORES))
    .option("--no-all-on", "without the runs that deliver spans and decisions to a collector")
    .option("--spike-seconds <n>", "how long a spike of 500 tasks/s lasts, 0 for none", wholeNumber(0, 3_600), 60)
    .option(
      "--kills <n>",
      "kill gateway, worker, services and the queue's store so often, at random, in a run of its own with a task that kills its worker",
      wholeNumber(0, 10_000),
      0,
    )
    .option("--tasks-at-once <n>", "how many tasks the worker has in hand", wholeNumber(1, 1_000), 256)
    .option("--connections <n>", "requests under way at once", wholeNumber(1, 1_024), 64)
    .option("--seed <n>", "the same seed sends the same tasks and kills the same parts", wholeNumber(0, 2 ** 32 - 1), 1);
}
