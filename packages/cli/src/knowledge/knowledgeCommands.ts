import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox knowledge …` */
export function addKnowledgeCommands(program: Command, context: CommandContext): void {
  const knowledge = program.command("knowledge").description("What a project's agents may look up");
  const knowledgeVerbs = () => import("./knowledgeVerbs.ts");
  addVerb(knowledge, {
    usage: "load <path>",
    summary: "Load documents: a file of JSON Lines or Markdown, or all of a folder; those that are there already stay or change",
    example: "./signalbox knowledge load ./handbook --project shop --prune",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .option("--prune", "forget documents that are not among these")
    .action(lazyAction(async () => (await import("./loadVerb.ts")).knowledgeLoad, context));
  addVerb(knowledge, {
    usage: "list",
    summary: "Show a project's documents",
    example: "./signalbox knowledge list --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await knowledgeVerbs()).knowledgeList, context));
  addVerb(knowledge, {
    usage: "search <question>",
    summary: "Show the passages that an agent of the project would be shown",
    example: "./signalbox knowledge search 'how do I block a card' --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .option("--limit <n>", "how many passages", wholeNumber(1, 100), 5)
    .action(lazyAction(async () => (await knowledgeVerbs()).knowledgeSearch, context));
  addVerb(knowledge, {
    usage: "remove <id>",
    summary: "Forget a document",
    example: "./signalbox knowledge remove cards/lost.md --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await knowledgeVerbs()).knowledgeRemove, context));
  addVerb(knowledge, {
    usage: "rebuild",
    summary: "Make all vectors anew, by the embeddings and for the vector store that are configured now",
    example: "./signalbox knowledge rebuild --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await knowledgeVerbs()).knowledgeRebuild, context));
  addVerb(knowledge, {
    usage: "snapshot",
    summary: "Have the vector store that is configured keep a copy of a project's vectors, where it can (Qdrant)",
    example: "./signalbox knowledge snapshot --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await knowledgeVerbs()).knowledgeSnapshot, context));
}
