import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "../commandLine/verb.ts";

const EXIT_CODES =
  "\nExit codes: 0 promoted · 1 rolled back or aborted · 2 usage, or no such rollout · 3 still under way (or the wait was over) · 4 infrastructure";

const ACTS = [
  ["pause", "Take no further step: the weight stays, and what harms is still rolled back"],
  ["resume", "Let a paused rollout go on; a step that ran out of time has its whole time again"],
  ["approve", "Approve a step that, by its policy, ends only when somebody does"],
  ["promote", "Give the candidate everything at once, whatever the gate says"],
  ["abort", "Take the candidate away: the stable version serves everything again"],
  ["retry", "Begin one that was aborted or rolled back once more, with the same policy and versions"],
] as const;

/** An upper bound: more steps than any policy has. */
const STEPS_MAX = 1_000;

const WAIT_SECONDS_MAX = 30 * 86_400;

/** `signalbox rollout …` */
export function addRolloutCommands(program: Command, context: CommandContext): void {
  const rollouts = program
    .command("rollout")
    .description("Bring a candidate to traffic step by step, judged by a gate policy: promoted or rolled back by itself");
  addVerb(rollouts, {
    usage: "start",
    summary: "Begin a rollout: the candidate has the policy's first weight from now on, and the controller does the rest",
    example: "./signalbox rollout start --project shop --policy gate.yaml --candidate 0.1.0+90b1e7aa --wait 7200",
  })
    .requiredOption("--policy <file>", "the gate policy, in YAML; it is frozen until the rollout ends")
    .requiredOption("--candidate <version>", "the version that is tried")
    .option("--stable <version>", "what it is compared with (default: what serves the project)")
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .option("--replace", "abort a rollout of the project that is under way, and begin anew; needs --reason")
    .option("--reason <text>", "why, for the record")
    .option("--wait <seconds>", "wait so long for its end", wholeNumber(1, WAIT_SECONDS_MAX))
    .addHelpText("after", EXIT_CODES)
    .action(lazyAction(async () => (await import("./startVerb.ts")).rolloutStart, context));
  addVerb(rollouts, {
    usage: "status [id]",
    summary: "Show a rollout: its steps, the traffic it wants and has, what the gate knows, and why it is where it is",
    example: "./signalbox rollout status --project shop --watch",
  })
    .option("--project <name>", "without an id: this project's latest", DEFAULT_PROJECT)
    .option("--watch", "say what happens until it ends")
    .option("--wait <seconds>", "wait so long for its end", wholeNumber(1, WAIT_SECONDS_MAX))
    .addHelpText("after", EXIT_CODES)
    .action(lazyAction(async () => (await import("./statusVerb.ts")).rolloutStatus, context));
  addVerb(rollouts, {
    usage: "list",
    summary: "List the latest rollouts",
    example: "./signalbox rollout list --project shop",
  })
    .option("--project <name>", "this project's alone")
    .option("--limit <n>", "how many", wholeNumber(1, 200), 20)
    .action(lazyAction(async () => (await import("./listVerb.ts")).rolloutList, context));
  for (const [act, summary] of ACTS)
    addVerb(rollouts, {
      usage: `${act} <id>`,
      summary,
      example: `./signalbox rollout ${act} 5f1c2d3e-8a90-4b7c-9d10-2e3f4a5b6c7d --reason 'the airline is down'`,
    })
      .requiredOption("--reason <text>", "why, for the record")
      .option(
        "--at-step <n>",
        "only if it is at this step, as `rollout status` counts them: refused where it has gone on",
        wholeNumber(1, STEPS_MAX),
      )
      .action(lazyAction(async () => (await import("./actVerbs.ts")).rolloutAct(act), context));
}
