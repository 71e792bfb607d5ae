import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb } from "../commandLine/verb.ts";

/** `signalbox queue …` */
export function addQueueCommands(program: Command, context: CommandContext): void {
  const queue = program.command("queue").description("The queue of tasks: hold a project's tasks, or everybody's, and let them go on");
  const verbs = () => import("./queueVerbs.ts");
  addVerb(queue, {
    usage: "status",
    summary: "Show which queues are paused, by whom and why, and how many tasks there are",
    example: "./signalbox queue status",
  }).action(lazyAction(async () => (await verbs()).queueStatus, context));
  addVerb(queue, {
    usage: "pause",
    summary: "Start no more tasks: what is admitted waits, what workers have in hand goes on",
    example: "./signalbox queue pause --project shop --reason 'the airline is down'",
  })
    .option("--project <name>", "whose tasks wait (without it: everybody's)")
    .requiredOption("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await verbs()).queuePause, context));
  addVerb(queue, {
    usage: "resume",
    summary: "Let a paused queue go on",
    example: "./signalbox queue resume --project shop --reason 'the airline is back'",
  })
    .option("--project <name>", "whose tasks go on (without it: everybody's; a project that was paused by itself stays so)")
    .requiredOption("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await verbs()).queueResume, context));
}
