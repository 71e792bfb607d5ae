import { DeadLetterCause, DeadLetterFilter, DeadLetterState, ProjectName } from "@signalbox/model";
import { type Command, Option } from "commander";
import { z } from "zod";
import { parseArguments } from "../projects/parseArguments.ts";

/** What verbs are told of the letters that are meant. */
export interface LetterFlags {
  project: string;
  state?: string;
  group?: string;
  cause?: string;
  agentVersion?: string;
  service?: string;
  tool?: string;
  errorClass?: string;
  text?: string;
}

/** Letters in whatever state. */
const ALL = "all";

/** Adds the flags by which letters are chosen; open ones are meant unless another state is named. */
export function withLetterFlags(command: Command, project: string): Command {
  return command
    .option("--project <name>", "whose dead letters", project)
    .addOption(new Option("--state <state>", "what became of them").choices([...DeadLetterState.options, ALL]).default("open"))
    .option("--group <fingerprint>", "those of one group")
    .addOption(new Option("--cause <cause>", "why there was no other attempt").choices(DeadLetterCause.options))
    .option("--agent-version <version>", "those that a version of the agent had a part in")
    .option("--service <name>", "those whose last attempt failed in this service")
    .option("--tool <name>", "those whose last attempt failed in this tool")
    .option("--error-class <name>", "those whose last attempt failed with this class of error")
    .option("--text <text>", "those whose message contains this, in either case");
}

/** The letters that flags mean. Throws `invalid_input`. */
export function lettersOf(flags: LetterFlags): { project: string; filter: DeadLetterFilter } {
  const { project, state, agentVersion, group, cause, service, tool, errorClass, text } = flags;
  const named = {
    fingerprint: group,
    cause,
    service,
    tool,
    errorClass,
    text,
    version: agentVersion,
    state: state === ALL ? undefined : state,
  };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  return {
    project: parseArguments(z.object({ project: ProjectName }), { project }).project,
    filter: parseArguments(DeadLetterFilter, given),
  };
}
