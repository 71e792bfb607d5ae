import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, number } from "../commandLine/verb.ts";

/** `signalbox route …` */
export function addRouteCommands(program: Command, context: CommandContext): void {
  const routes = program.command("route").description("Which versions of the agent serve a project");
  const routeVerbs = () => import("./routeVerbs.ts");
  addVerb(routes, {
    usage: "show",
    summary: "Show which versions serve a project, and what each was given in the last day",
    example: "./signalbox route show --project shop",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await routeVerbs()).routeShow, context));
  addVerb(routes, {
    usage: "set",
    summary:
      "Serve a project by a stable version, and a share of its sessions by a candidate: a session that is with it stays when the share grows",
    example: "./signalbox route set --project shop --stable 0.1.0+3fa8c1d2 --candidate 0.1.0+90b1e7aa --weight 5",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .option("--stable <version>", "what serves all that the candidate does not")
    .option("--candidate <version>", "what is tried; another one than before draws its sessions anew")
    .option("--without-candidate", "let the stable version serve everything")
    .option("--weight <percent>", "how many of a hundred sessions the candidate serves, 0 to 100", number)
    .option("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await routeVerbs()).routeSet, context));
  addVerb(routes, {
    usage: "clear",
    summary: "Let any version serve a project's tasks",
    example: "./signalbox route clear --project shop",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .option("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await routeVerbs()).routeClear, context));
}
