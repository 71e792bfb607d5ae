import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, share, wholeNumber } from "../commandLine/verb.ts";

/** The default share of out-of-scope questions that are refused: eight of ten. */
const OUT_OF_SCOPE_REFUSED = 0.8;

/** `signalbox train …` */
export function addTrainCommands(program: Command, context: CommandContext): void {
  const trains = program.command("train").description("Make the models that the agent runtime works with");
  addVerb(trains, {
    usage: "intents <data>",
    summary: "Train a model that tells what a message wants, how sure that is, and when to abstain",
    example: "./signalbox train intents ./clinc150 --test ./clinc150/dev.json --test ./clinc150/oos_dev.json",
  })
    .option("--name <name>", "what the model is called (default: the name of the data)")
    .option("--test <file>", "score the model on these rows, which it never sees; may be given more than once", each)
    .option("--refuse <share>", "how many out-of-scope validation rows the threshold has to refuse, 0 to 1", share, OUT_OF_SCOPE_REFUSED)
    .option("--out-of-scope-intent <name>", "what the data calls rows that want none of its intents", "oos")
    .option("--seed <n>", "the same data and seed give the same model, byte for byte", wholeNumber(0, 2 ** 31 - 1), 0)
    .addHelpText(
      "after",
      "\nThe data is a file of rows, or a folder with train.csv and, where there are some, val.csv, oos_train.csv and oos_val.csv." +
        "\nCSV has a header with text and intent (or category, or label); .json is an array of [text, intent] or of objects; .jsonl has one of these a line.",
    )
    .action(lazyAction(async () => (await import("./trainIntents.ts")).trainIntents, context));
}
