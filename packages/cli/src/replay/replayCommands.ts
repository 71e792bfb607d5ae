import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb } from "../commandLine/verb.ts";
import { withTaskReplayOptions } from "./taskReplayOptions.ts";

/** `signalbox replay …` */
export function addReplayCommands(program: Command, context: CommandContext): void {
  const replay = withTaskReplayOptions(
    addVerb(program, {
      usage: "replay [task]",
      summary: "Run a finished task again from its record, and show where the new run parts from the old one",
      example: "./signalbox replay 0d9f2c34-58a6-4d51-9a4c-0c8b4d1e2f3a --set tool.get_user_details=./answers.json",
    }),
  )
    .enablePositionalOptions()
    .action(lazyAction(async () => (await import("./replayVerb.ts")).replay, context));
  addVerb(replay, {
    usage: "cancel <id>",
    summary: "Cancel a replay, or what is left of those that were asked for together",
    example: "./signalbox replay cancel 3d1c5f0e-2b7a-4d0c-9c55-0a1b2c3d4e5f --reason 'too dear'",
  })
    .option("--project <name>", "whose replays", DEFAULT_PROJECT)
    .requiredOption("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await import("./cancelVerb.ts")).replayCancel, context));
}
