import { TRIES_PER_SECOND, TRY_MS_MAX } from "@signalbox/model";
import { type Command, Option } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, number, numberBetween, wholeNumber } from "../commandLine/verb.ts";

const PROJECT = ["--project <name>", "the project that datasets and runs belong to", "default"] as const;

/** The option for the destination of an export. */
const to = (flags: string, description: string): Option => new Option(flags, description).choices(["langsmith"]);

/** `signalbox eval …` */
export function addEvalCommands(program: Command, context: CommandContext): void {
  const evals = program.command("eval").description("Measure an agent on a dataset, and compare what was measured");
  addVerb(evals, {
    usage: "run",
    summary:
      "Ask a target about every item of a dataset, score what it says, and keep all of it; a run that was stopped is taken up with --resume",
    example: "./signalbox eval run --dataset refunds@3 --target http://127.0.0.1:8080/answer --scorers exact token_f1 --repeats 2",
  })
    .option(...PROJECT)
    .option("--dataset <name@version>", "what is asked: the items of this version")
    .option("--split <name>", "the items of this split alone")
    .option(
      "--target <target>",
      "who is asked: agent, agent@<version>, recorded:<tau-bench folder>, a URL (POST), or a command of the shell (stdin to stdout)",
    )
    .option(
      "--header <name=$VARIABLE>",
      "a header that a URL is asked with, by the variable that holds its value: 'authorization=$TOKEN'; may be given more than once",
      each,
    )
    .option(
      "--scorers <scorer...>",
      "who judges: names (`eval scorers` shows all), with options as in 'numeric:{\"tolerance\":0.5}'; judge:FILE.yaml is a judge that asks a model",
    )
    .option("--repeats <k>", "how many times each item is asked (default: 1)", wholeNumber(1, 1_000))
    .option("--unit <key>", "the key of an item's metadata that items share which are not independent, such as a conversation")
    .option("--concurrency <n>", "how many are asked at once (default: 8)", wholeNumber(1, 1_000))
    .option("--rate <n>", "at most so many are asked in a second", numberBetween(TRIES_PER_SECOND.min, TRIES_PER_SECOND.max))
    .option("--timeout <seconds>", "an answer that takes longer is a failed try (default: 60)", numberBetween(0.001, TRY_MS_MAX / 1_000))
    .option("--name <name>", "what the run is called (default: the dataset and the target)")
    .option("--results <file>", "write every try's result to this file, one JSON document a line, in the order of the items")
    .option("--resume <run>", "go on with a run that was stopped: its id, or its name")
    .addOption(to("--export <service>", "send the run there too when it has ended: langsmith"))
    .action(lazyAction(async () => (await import("./evalRunVerb.ts")).evalRun, context));
  addVerb(evals, {
    usage: "compare <baseline> <candidate>",
    summary: "Compare two runs item by item, and say for each scorer whether the candidate improved, regressed, or neither can be said",
    example: "./signalbox eval compare refunds-before refunds-after --margin exact=0.02",
  })
    .option(...PROJECT)
    .option("--margin <scorer=margin>", "how large a loss counts for nothing; may be given more than once", each)
    .option(
      "--test <scorer=test>",
      "how it is tested: mcnemar, paired-bootstrap, wilcoxon (for grades) or paired-t (default: by its scores); may be given more than once",
      each,
    )
    .option("--alpha <n>", "how often a run that is not worse may be called worse (default: 0.05)", number)
    .action(lazyAction(async () => (await import("./evalCompareVerb.ts")).evalCompare, context));
  addVerb(evals, { usage: "list", summary: "Show the runs of a project, the latest first", example: "./signalbox eval list" })
    .option(...PROJECT)
    .action(lazyAction(async () => (await import("./evalListVerbs.ts")).evalList, context));
  addVerb(evals, {
    usage: "show <run>",
    summary: "Show what a run came to: each scorer's mean, and which class was taken for which",
    example: "./signalbox eval show intents-before",
  })
    .option(...PROJECT)
    .action(lazyAction(async () => (await import("./evalListVerbs.ts")).evalShow, context));
  addVerb(evals, {
    usage: "delete <run>",
    summary: "Delete a run with every try of it, for good; its traces and their scores stay",
    example: "./signalbox eval delete refunds-before --yes refunds-before",
  })
    .option(...PROJECT)
    .option("--yes <run>", "says that you mean it: the run again")
    .action(lazyAction(async () => (await import("./evalDeleteVerb.ts")).evalDelete, context));
  addVerb(evals, {
    usage: "export <run> [file]",
    summary: "Write every try of a run to a file (.jsonl, .csv or .parquet), or send the run to LangSmith",
    example: "./signalbox eval export refunds-before refunds.csv",
  })
    .option(...PROJECT)
    .addOption(
      to(
        "--to <service>",
        "send it there instead of to a file: langsmith, at LANGSMITH_ENDPOINT with LANGSMITH_API_KEY; again, it doubles nothing",
      ),
    )
    .action(lazyAction(async () => (await import("./export/exportVerb.ts")).evalExport, context));
  addVerb(evals, {
    usage: "scorers",
    summary: "Show every scorer, and the options that it has",
    example: "./signalbox eval scorers",
  }).action(lazyAction(async () => (await import("./evalListVerbs.ts")).evalScorers, context));
}
