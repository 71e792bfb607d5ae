import { type Command, InvalidArgumentError } from "commander";
import type { ConfigFlags } from "../config.ts";
import type { CommandOutput } from "./commandOutput.ts";
import type { ExitCode } from "./exitCode.ts";

/** The input of a verb's act: its output, its environment, its arguments, and its flags. */
export interface Invocation<Flags = unknown> {
  output: CommandOutput;
  env: NodeJS.ProcessEnv;
  args: readonly string[];
  flags: ConfigFlags & Flags;
}

/** A verb's act: resolves to its exit code, or throws a failure. */
export type Act<Flags = unknown> = (invocation: Invocation<Flags>) => Promise<ExitCode>;

/** The description of a verb for people. */
export interface VerbDescription {
  /** The name, with its arguments: `tau-bench <dir>`. */
  usage: string;
  summary: string;
  example: string;
}

/** Adds a verb to a command, with the flags that every verb has. */
export function addVerb(parent: Command, { usage, summary, example }: VerbDescription): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(summary)
    .option(
      "--data-dir <folder>",
      "where this Signalbox keeps everything (default: SIGNALBOX_DATA_DIR, else .signalbox/ of the repository)",
    )
    .option("--port-offset <n>", "moves every port by this much (default: SIGNALBOX_PORT_OFFSET, else 0)")
    .option("--json", "print one JSON document on stdout")
    .option("--verbose", "show the causes of a failure")
    .addHelpText("after", `\nExample:\n  $ ${example}`);
}

/** A parser for a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

/** Parses a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It is a number.");
}

/** A parser for a number from `min` to `max`. */
export function numberBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is a number from ${min} to ${max}.`);
  };
}

/** Parses a share, from 0 to 1. */
export const share = numberBetween(0, 1);

/** Collects the values of a repeatable flag. */
export function each(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/** Like `each`, for values out of `choices`. */
export function eachOf(choices: readonly string[]): typeof each {
  return (text, before) => {
    if (choices.includes(text)) return each(text, before);
    throw new InvalidArgumentError(`It is one of ${choices.join(", ")}.`);
  };
}
