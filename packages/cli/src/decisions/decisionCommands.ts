import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox decisions …` */
export function addDecisionCommands(program: Command, context: CommandContext): void {
  const decisions = program.command("decisions").description("The log of what was decided, and that nobody has rewritten it");
  addVerb(decisions, {
    usage: "verify",
    summary: "Find whatever was edited, removed, put in or moved in the decision log up to its last checkpoint, and say where",
    example: "./signalbox decisions verify --public-key ./kept/signalbox.pem --heads ./kept/heads.jsonl",
  })
    .option("--task <id>", "one task's chain alone, and the checkpoints")
    .option("--since <checkpoint|time>", "only what has news since a checkpoint (its number), or since the last one before a time")
    .option("--public-key <file>", "the key, or keys, that checkpoints must be signed with (default: the data folder's own)")
    .option(
      "--heads <file>",
      "checkpoints that were exported: those in the store must be the same (default: the last one that the data folder keeps)",
    )
    .option(
      "--accept-erasure <id:entries>",
      "an erasure that was asked for, and how many entries it took; may be given more than once",
      each,
    )
    .addHelpText(
      "after",
      `
--since trusts what the checkpoint that it begins with signed: that this one is signed by your key is checked, and all that came
after it is held against it. Chains without news since then are not read: who edited one of those is found without --since alone.`,
    )
    .action(lazyAction(async () => (await import("./verifyVerb.ts")).decisionsVerify, context));
  addVerb(decisions, {
    usage: "export",
    summary:
      "Print the decision log's checkpoints, a line of JSON for each, to be kept outside the store: verify --heads compares with them",
    example: "./signalbox decisions export > heads.jsonl",
  })
    .option("--after <n>", "only those after the checkpoint of this number", wholeNumber(0, 2 ** 31 - 1), 0)
    .action(lazyAction(async () => (await import("./exportVerb.ts")).decisionsExport, context));
  addVerb(decisions, {
    usage: "public-key",
    summary: "Print the public key of the decision log's checkpoints, to be kept elsewhere",
    example: "./signalbox decisions public-key > signalbox.pem",
  }).action(lazyAction(async () => (await import("./publicKeyVerb.ts")).decisionsPublicKey, context));

  addVerb(decisions, {
    usage: "rebuild",
    summary: "Compare every task's status, run, attempts, error and head with what its decisions give, and write it where it is off",
    example: "./signalbox decisions rebuild --dry-run",
  })
    .option("--dry-run", "show what is off, and change nothing")
    .option("--public-key <file>", "the key, or keys, that checkpoints must be signed with, as for verify (default: the data folder's own)")
    .option("--heads <file>", "checkpoints that were exported, as for verify (default: the last one that the data folder keeps)")
    .action(lazyAction(async () => (await import("./rebuildVerb.ts")).decisionsRebuild, context));
}
