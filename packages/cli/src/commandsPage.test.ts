import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { CommandOutput } from "./commandLine/commandOutput.ts";
import { signalboxProgram } from "./program.ts";

const PAGE = readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8");

/** Every command by its words, and whether it has subcommands. */
function commandsOf({ commands }: Command, before: readonly string[] = []): { words: string; isGroup: boolean }[] {
  return commands.flatMap((command) => {
    const words = [...before, command.name()];
    return [{ words: words.join(" "), isGroup: command.commands.length > 0 }, ...commandsOf(command, words)];
  });
}

test("docs/commands.md has every verb, and none that there is not", () => {
  const output = new CommandOutput({ stdout: process.stdout, stderr: process.stderr }, { json: false, verbose: false });
  const commands = commandsOf(signalboxProgram({ output, env: {}, finish: () => {} }));
  const shown = [...PAGE.matchAll(/^\| `([a-z -]+)` \|/gm)].map(([, words]) => words ?? "");
  expect(shown).toEqual([...new Set(shown)]);
  expect(shown.filter((words) => !commands.some((command) => command.words === words))).toEqual([]);
  expect(commands.filter(({ words, isGroup }) => !isGroup && !shown.includes(words))).toEqual([]);
});
