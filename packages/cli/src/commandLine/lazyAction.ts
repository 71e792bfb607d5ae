import type { Command } from "commander";
import type { CommandOutput } from "./commandOutput.ts";
import type { ExitCode } from "./exitCode.ts";
import type { Act } from "./verb.ts";

/** What commands are built with: where they say what, what they find, and who is told how they ended. */
export interface CommandContext {
  output: CommandOutput;
  env: NodeJS.ProcessEnv;
  finish: (exitCode: ExitCode) => void;
}

/**
 * Lets a verb do its work; `finish` is told the exit code. The work's module is loaded only
 * when its verb is called: the stores' clients take longer to load than `--help` to answer.
 */
export function lazyAction<Flags>(load: () => Promise<Act<Flags>>, context: CommandContext): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const act = await load();
    const exitCode = await act({ output: context.output, env: context.env, args: command.args, flags: command.opts<Flags & object>() });
    context.finish(exitCode);
  };
}
