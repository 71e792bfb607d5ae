import { DEFAULT_PROJECT } from "@signalbox/model";
import { type Command, InvalidArgumentError } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, number, wholeNumber } from "../commandLine/verb.ts";

/** Parses the full name of a commit. */
function commit(text: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) return text;
  throw new InvalidArgumentError("It is a whole commit, 40 or 64 hexadecimal digits: `git rev-parse HEAD` prints one.");
}

/** `signalbox gate …` */
export function addGateCommands(program: Command, context: CommandContext): void {
  const gates = program.command("gate").description("Decide whether a version may serve, by a policy with stated error rates");
  addVerb(gates, {
    usage: "check",
    summary: "Judge a candidate's eval run against a baseline's: pass, fail, or inconclusive with what could have been found",
    example: "./signalbox gate check --policy gate.yaml --candidate new.jsonl --baseline old.jsonl --summary summary.md",
  })
    .requiredOption("--policy <file>", "the policy, in YAML")
    .requiredOption(
      "--candidate <run>",
      "the run to judge: a file that `eval run --results` wrote, a run's id or name, or replay:ID for replays that were asked for together",
    )
    .option(
      "--baseline <run>",
      "what it is compared with: a file, a run, production, or record:ID for what is on record of the tasks of replays (default: the policy's baseline; for replays their record)",
    )
    .option(
      "--labels <file>",
      "what people said of items that a judge judged, one {metric, judge, person} a line: it calibrates the judge (default: the record of ./signalbox judge calibrate)",
    )
    .option("--project <name>", "the project that runs by name belong to", DEFAULT_PROJECT)
    .option("--junit <file>", "write a JUnit report: a case for each metric")
    .option("--summary <file>", "write a summary in Markdown, the items that got worse first")
    .option("--sarif <file>", "write the items that got worse as SARIF")
    .option("--commit <sha>", "the commit that the candidate is of: a deployment of it may go by this verdict", commit)
    .option("--store", "keep the verdict with its evidence (default: if both runs are in the store)")
    .option("--no-store", "do not keep it")
    .option("--console-url <url>", "where links to traces lead (default: this machine's console)")
    .addHelpText(
      "after",
      "\nExit codes: 0 pass · 1 fail · 3 inconclusive, unless the policy's onInconclusive says fail (1), warn or pass (0)",
    )
    .action(lazyAction(async () => (await import("./verbs/checkVerb.ts")).check, context));
  addVerb(gates, {
    usage: "lint <policy>",
    summary: "Check a policy, and say on which line what is wrong",
    example: "./signalbox gate lint gate.yaml",
  }).action(lazyAction(async () => (await import("./verbs/lintVerb.ts")).lint, context));
  addVerb(gates, {
    usage: "schema",
    summary: "Print the JSON Schema of policies, for editors",
    example: "./signalbox gate schema > gate-policy.schema.json",
  }).action(lazyAction(async () => (await import("./verbs/schemaVerb.ts")).schema, context));
  withSimulateOptions(
    addVerb(gates, {
      usage: "simulate",
      summary: "Say after how many units a policy finds a drop with your traffic, and what it does to a candidate that is equal",
      example: "./signalbox gate simulate --policy gate.yaml --per-hour 1200 --mean task_success=0.85 --drop 0.05",
    }),
  ).action(lazyAction(async () => (await import("./verbs/simulateVerb.ts")).simulate, context));
  addEvidenceCommands(gates, context);
}

/** Adds the verbs about stored verdicts. */
function addEvidenceCommands(gates: Command, context: CommandContext): void {
  addVerb(gates, { usage: "list", summary: "List the verdicts that are kept", example: "./signalbox gate list --project shop" })
    .option("--project <name>", "whose", DEFAULT_PROJECT)
    .option("--limit <n>", "how many, the latest first", wholeNumber(1, 1_000), 20)
    .action(lazyAction(async () => (await import("./verbs/listVerb.ts")).list, context));
  addVerb(gates, {
    usage: "explain <id>",
    summary: "Compute a kept verdict, or all of a rollout, anew from its evidence and policy, and say whether it is what was kept",
    example: "./signalbox gate explain 0192f0c1-2345-7abc-8def-0123456789ab",
  })
    .addHelpText("after", "\nExit codes: 0 the same, byte for byte · 1 not · 3 reckoned by another version: it cannot be said here")
    .action(lazyAction(async () => (await import("./verbs/explainVerb.ts")).explain, context));
  addVerb(gates, {
    usage: "bundle <id>",
    summary: "Write a verdict or a rollout with all that it follows from as a signed attestation (DSSE, in-toto) that anyone can check",
    example: "./signalbox gate bundle 0192f0c1-2345-7abc-8def-0123456789ab --out release.json",
  })
    .requiredOption("--out <file>", "where to write it")
    .option("--key <file>", "an Ed25519 private key in PEM (default: the data folder's, which signs checkpoints too)")
    .action(lazyAction(async () => (await import("./verbs/bundleVerbs.ts")).bundle, context));
  addVerb(gates, {
    usage: "verify <file>",
    summary: "Check a release bundle without any store: signature, hashes, and that the verdict follows from the evidence",
    example: "./signalbox gate verify release.json --public-key release.pub",
  })
    .option("--public-key <file>", "the keys that are trusted, in PEM (default: the data folder's own)")
    .addHelpText(
      "after",
      "\nExit codes: 0 whole · 1 something is not as it was signed · 2 no bundle · 3 as it was signed, but reckoned by another version: it cannot be said here whether it follows",
    )
    .action(lazyAction(async () => (await import("./verbs/bundleVerbs.ts")).verify, context));
}

/** Adds the flags of `signalbox gate simulate`. */
function withSimulateOptions(command: Command): Command {
  return command
    .requiredOption("--policy <file>", "the policy")
    .requiredOption(
      "--per-hour <n>",
      "how many units (sessions or users) come in an hour, both versions together",
      wholeNumber(1, 100_000_000),
    )
    .option("--metric <name>", "what gets worse (default: the first guardrail)")
    .option("--drop <amount>", "by how much, in the metric's own units: 0.05 is five points (default: its margin)", number)
    .option("--mean <metric=value>", "what the stable version does; may be given more than once", each, [])
    .option("--hours <n>", "give a rollout up after so many hours", wholeNumber(1, 10_000), 168)
    .option("--sims <n>", "how many rollouts are simulated of each candidate", wholeNumber(20, 100_000), 300)
    .option("--seed <n>", "the same seed gives the same answer", wholeNumber(0, 2 ** 31 - 1), 1);
}
