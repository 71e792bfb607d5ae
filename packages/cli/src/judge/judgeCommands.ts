import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, number } from "../commandLine/verb.ts";

/** `signalbox judge …` */
export function addJudgeCommands(program: Command, context: CommandContext): void {
  const judges = program.command("judge").description("How far judges may be believed");
  addVerb(judges, {
    usage: "calibrate",
    summary: "Compare a judge with people's labels on the same traces, and keep the record: gates read it",
    example: "./signalbox judge calibrate --judge-score helpful --queue helpful",
  })
    .requiredOption("--judge-score <name>", "the name of the judge's scores")
    .requiredOption("--queue <name>", "the annotation queue whose labels count")
    .option("--judge <id>", "which judge, if several gave scores of this name: judge:<id>")
    .option("--label-line <value>", "from which value on a label passes (default: pass of pass_fail; a scale or a choice needs it)", number)
    .option(
      "--judge-line <value>",
      "from which value on a judge's score passes (default: the judge's own line, its passAt; 0.5 where it has none)",
      number,
    )
    .option("--project <name>", "whose traces", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await import("./calibrateVerb.ts")).judgeCalibrate, context));
}
