import type { Command } from "commander";
import type { CommandOutput } from "./commandOutput.ts";
import type { ExitCode } from "./exitCode.ts";
import type { Act } from "./verb.ts";

/** The context of commands: their output, their environment, and the callback for their exit code. */
export interface CommandContext {
  output: CommandOutput;
  env: NodeJS.ProcessEnv;
  finish: (exitCode: ExitCode) => void;
}

/**
 * Wraps a verb's act; `finish` gets the exit code. The act's module is loaded only when
 * its verb is called: the stores' clients take longer to load than `--help` to answer.
 */
export function lazyAction<Flags>(load: () => Promise<Act<Flags>>, context: CommandContext): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const act = await load();
    const exitCode = await act({ output: context.output, env: context.env, args: command.args, flags: command.opts<Flags & object>() });
    context.finish(exitCode);
  };
}
