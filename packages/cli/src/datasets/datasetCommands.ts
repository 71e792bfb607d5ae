import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox dataset …` */
export function addDatasetCommands(program: Command, context: CommandContext): void {
  const datasets = program.command("dataset").description("What agents are measured on: items, in versions that never change");
  const datasetVerbs = () => import("./datasetVerbs.ts");
  addVerb(datasets, {
    usage: "import <path>",
    summary:
      "Make a new version of a dataset from a file (JSON Lines, JSON, CSV, Parquet; also as LangSmith or Langfuse exports it), a folder of such files, or a tau-bench folder",
    example: "./signalbox dataset import questions.csv --name support --input question --expected answer",
  })
    .option("--project <name>", "whose dataset", DEFAULT_PROJECT)
    .option("--name <dataset>", "the dataset (default: as the file is called)")
    .option("--format <name>", "how rows are written: signalbox, langsmith, langfuse or intents (default: what the first row says)")
    .option("--input <column>", "a column that is asked, of any table; may be given more than once", each)
    .option("--expected <column>", "a column that is right, of any table; may be given more than once", each)
    .option("--split <name>", "the split of items that name none")
    .option("--note <text>", "what the version is for")
    .option("--keep-duplicates", "keep items that ask and expect the same as others")
    .action(lazyAction(async () => (await import("./importVerb.ts")).datasetImport, context));
  addVerb(datasets, { usage: "list", summary: "Show a project's datasets", example: "./signalbox dataset list --project shop" })
    .option("--project <name>", "whose datasets", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await datasetVerbs()).datasetList, context));
  addVerb(datasets, {
    usage: "show <dataset>",
    summary: "Show a version of a dataset (its latest, unless one is named), with its first items, and all its versions",
    example: "./signalbox dataset show support@2 --limit 5",
  })
    .option("--project <name>", "whose dataset", DEFAULT_PROJECT)
    .option("--limit <n>", "how many items", wholeNumber(1, 1_000), 10)
    .option("--item <id>", "show this item whole, and nothing else")
    .action(lazyAction(async () => (await datasetVerbs()).datasetShow, context));
  addVerb(datasets, {
    usage: "diff <before> <after>",
    summary: "Show what was added, removed and changed from one version of a dataset to another",
    example: "./signalbox dataset diff support@1 support@latest",
  })
    .option("--project <name>", "whose dataset", DEFAULT_PROJECT)
    .option("--limit <n>", "how many items", wholeNumber(1, 10_000), 100)
    .action(lazyAction(async () => (await datasetVerbs()).datasetDiff, context));
  addVerb(datasets, {
    usage: "delete <dataset>",
    summary: "Delete a dataset with all its versions, for good; one that eval runs are of stays",
    example: "./signalbox dataset delete support --yes support",
  })
    .option("--project <name>", "whose dataset", DEFAULT_PROJECT)
    .option("--yes <dataset>", "says that you mean it: its name again")
    .action(lazyAction(async () => (await import("./datasetDeleteVerb.ts")).datasetDelete, context));
  addVerb(datasets, {
    usage: "export <dataset> <file>",
    summary: "Write a version of a dataset to a file: .jsonl, .csv or .parquet",
    example: "./signalbox dataset export support@2 support.jsonl --split test",
  })
    .option("--project <name>", "whose dataset", DEFAULT_PROJECT)
    .option("--split <name>", "the items of this split alone")
    .action(lazyAction(async () => (await import("./exportVerb.ts")).datasetExport, context));
}
