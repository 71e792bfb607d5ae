import { DeadLetterCause, type DeadLetterFilter, DeadLetterKind } from "@signalbox/model";
import { type Command, Option } from "commander";
import { timeOf } from "../commandLine/timeOf.ts";

/** The flags that filter dead letters. */
export interface LetterFilterFlags {
  project: string;
  kind?: string;
  group?: string;
  cause?: string;
  agentVersion?: string;
  service?: string;
  tool?: string;
  errorClass?: string;
  text?: string;
  since?: string;
  before?: string;
}

/** Adds the flags that filter dead letters. */
export function withLetterFilter(command: Command): Command {
  return command
    .option("--project <name>", "whose dead letters", "default")
    .addOption(new Option("--kind <kind>", "tasks, or telemetry that could not be taken in").choices(DeadLetterKind.options))
    .option("--group <fingerprint>", "those of one group")
    .addOption(new Option("--cause <cause>", "those given up for this cause").choices(DeadLetterCause.options))
    .option("--agent-version <version>", "those that this version of the agent failed at")
    .option("--service <name>", "those whose last attempt failed in this service")
    .option("--tool <name>", "those whose last attempt failed in this tool")
    .option("--error-class <class>", "those whose last attempt ended in an error of this class")
    .option("--text <text>", "those with this in their message, in either case")
    .option("--since <time>", "those that failed at this time or later (ISO 8601, or a duration back: 90m, 24h, 7d)")
    .option("--before <time>", "those that failed before this time");
}

/** The filter that the flags give, yet to be parsed. `nowMs` is milliseconds since 1970. Throws `invalid_input` for an invalid time. */
export function letterFilter(flags: LetterFilterFlags, nowMs: number): { [Part in keyof DeadLetterFilter]?: string } {
  const { kind, group: fingerprint, cause, agentVersion: version, service, tool, errorClass, text, since, before } = flags;
  const times = { failedSince: timeOf(since, "--since", nowMs), failedBefore: timeOf(before, "--before", nowMs) };
  const parts = { kind, fingerprint, cause, version, service, tool, errorClass, text, ...times };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
