import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox annotate …` */
export function addAnnotateCommands(program: Command, context: CommandContext): void {
  const annotate = program.command("annotate").description("Questions that people answer about traces, one at a time, in the console");
  const verbs = () => import("./annotateVerbs.ts");
  addVerb(annotate, {
    usage: "create <queue>",
    summary: "Make a queue: a question, and how it is answered",
    example: './signalbox annotate create politeness --question "Was the answer polite?" --kind scale:1-5 --overlap 2',
  })
    .requiredOption("--question <text>", "what people are asked")
    .option("--kind <kind>", "pass_fail, scale:<from>-<to>, or choice:<option>,<option>,… (at most 9 answers)", "pass_fail")
    .option("--ends <from,to>", "what the ends of a scale mean: rude,kind")
    .option("--instructions <text>", "what people should know to answer well", "")
    .option("--overlap <n>", "how many people label each trace", wholeNumber(1, 20), 1)
    .option("--score <name>", "the name of the scores that labels become (default: the queue's)")
    .option("--project <name>", "whose queue", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await verbs()).annotateCreate, context));
  addVerb(annotate, {
    usage: "list",
    summary: "Show a project's queues, how far they are, and how people agree",
    example: "./signalbox annotate list",
  })
    .option("--project <name>", "whose queues", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await verbs()).annotateList, context));
  addVerb(annotate, {
    usage: "add <queue> [traces...]",
    summary: "Add traces to a queue, by their ids (or spans: <trace>:<span>); those in it already are left out",
    example: "./signalbox annotate add politeness --file traces.txt",
  })
    .option("--file <path>", "read ids from a file, one a line")
    .option("--project <name>", "whose queue", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await verbs()).annotateAdd, context));
  addVerb(annotate, {
    usage: "export <queue> <file>",
    summary: "Write what people said to a file, one label or skip a line (JSON Lines)",
    example: "./signalbox annotate export politeness labels.jsonl",
  })
    .option("--project <name>", "whose queue", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await verbs()).annotateExport, context));
}
