import { createInterface } from "node:readline/promises";
import type { CommandOutput } from "../commandLine/commandOutput.ts";

/**
 * A person's typed confirmation of an act on several letters: from `--yes`,
 * or asked for at a terminal; undefined where nobody can be asked.
 */
export async function typedConfirmation(
  output: CommandOutput,
  yes: string | undefined,
  letters: number,
  act: string,
): Promise<string | undefined> {
  if (yes !== undefined || letters <= 1 || !output.isForPerson || !output.isWatched || !process.stdin.isTTY) return yes;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`This will ${act} ${letters} dead letters. Type ${letters} to go on: `)).trim();
  } finally {
    terminal.close();
  }
}
