import type { PlantedFault } from "@signalbox/model";
import { type Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";

/** Worse versions first, each fault once. */
const FAULTS: readonly PlantedFault[] = ["tool", "slow", "dead", "none"];

/** The flags of `signalbox bench rollouts`. */
export function withBenchRolloutsOptions(command: Command): Command {
  return command
    .option("--faults <list>", `what is planted, of ${FAULTS.join(", ")}: each is a version of its own`, faultList, [...FAULTS])
    .option("--seeds <n>", "how many rollouts of each version", wholeNumber(1, 1_000), 1)
    .option("--at-once <n>", "how many of them are under way together, each in a project of its own", wholeNumber(1, 100), 20)
    .option("--per-second <n>", "how many sessions of each rollout begin each second; the machine has to keep up", wholeNumber(1, 1_000), 1)
    .option(
      "--lag <seconds>",
      "how long a session has for its tasks and their scores, before what is not known of it is a failure",
      wholeNumber(1, 3_600),
      45,
    )
    .option("--minutes <n>", "a rollout that has not ended by then is given up", wholeNumber(1, 1_440), 40);
}

function faultList(text: string): PlantedFault[] {
  return [...new Set(text.split(","))].map((name) => {
    const fault = FAULTS.find((planted) => planted === name.trim());
    if (fault !== undefined) return fault;
    throw new InvalidArgumentError(`It is a list of ${FAULTS.join(", ")}.`);
  });
}
