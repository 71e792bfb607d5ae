import {
  type DeadLetterDetail,
  type DeadLetterGroup,
  type ListedDeadLetter,
  listDeadLetterGroups,
  listFirstDecisions,
  listLetters,
  readDeadLetter,
} from "@signalbox/db/prisma";
import { AppError, type Decision, ProjectName, verifyChain } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { groupTable, letterTable, minute } from "./letterText.ts";

const LETTERS_OF_GROUP = 20;
const DECISIONS_MAX = 5_000;

/** A group is shown without its counts over time. */
const NO_STEPS = { fromMs: 0, stepMs: 1, count: 0 } as const;

/** `signalbox dlq show <id|fingerprint>`: a complete letter, or a group with its latest letters. */
export const dlqShow: Act<{ project: string }> = async ({ output, env, args: [name = ""], flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: flags.project });
  await using store = openStateStore(loadConfig(env, flags));
  if (z.uuid().safeParse(name).success) {
    const detail = await readDeadLetter(store, project, name);
    if (detail === null) throw missing(project, name);
    const { letter } = detail;
    const read =
      letter.kind === "task" ? await listFirstDecisions(store, letter.taskId, DECISIONS_MAX) : { decisions: [], isTruncated: false };
    const chain = verifyChain(read.decisions);
    output.result({ ...detail, ...read, chain }, () => letterText(detail, read, chain));
    return EXIT.pass;
  }
  const filter = { fingerprint: name };
  const [{ groups }, { letters }] = await Promise.all([
    listDeadLetterGroups(store, { project, filter, order: "last", steps: NO_STEPS, limit: 1 }),
    listLetters(store, { project, filter, cursor: null, limit: LETTERS_OF_GROUP }),
  ]);
  const [group] = groups;
  if (group === undefined) throw missing(project, name);
  output.result({ group, letters }, () => groupText(group, letters));
  return EXIT.pass;
};

function missing(project: string, name: string): AppError {
  return new AppError("not_found", `Project ${project} has no dead letter and no group of dead letters ${name}.`, {
    hint: "./signalbox dlq list --state all shows the groups, with --letters the letters.",
  });
}

function groupText(group: DeadLetterGroup, letters: readonly ListedDeadLetter[]): string {
  const rest = group.lettersCount > letters.length ? `\n\nThe latest ${letters.length} of ${group.lettersCount} letters.` : "";
  return `${group.message}\n\n${groupTable([group])}\n\n${letterTable(letters)}${rest}`;
}

function letterText({ letter, state, taskStatus, history, discarded, holder }: DeadLetterDetail, log: Log, chain: Chain): string {
  const facts = [
    ["letter", letter.id],
    ["state", discarded === null ? state : `discarded by ${discarded.by} ${minute(discarded.at)}: ${discarded.reason}`],
    ...(holder === null ? [] : [["redrive", `"${holder.name}" by ${holder.actor}, since ${minute(holder.since)}`]]),
    ["cause", letter.cause],
    ["where", [letter.service, letter.tool, letter.frame].filter((place) => place !== null).join(", ")],
    ...letter.errorChain.map((error) => ["because of", `${error.class}: ${error.message}`]),
    ...(letter.kind === "task" ? [["task", `${letter.taskId}, ${taskStatus} now`]] : [["telemetry", letter.payload.name]]),
    ["run", `${letter.run} of ${history.at(-1)?.run ?? letter.run}`],
    ["fingerprint", letter.fingerprint],
    ...(letter.kind === "task"
      ? [
          ["trace", letter.traceId],
          ["versions", letter.versions.join(", ")],
          ["decisions", chainText(log, chain)],
        ]
      : []),
  ];
  const attempts = letter.attempts.map(({ attempt, worker, version, startedAt, outcome, error }) => [
    ...[String(attempt), minute(startedAt), worker, version, outcome],
    error === null ? "" : `${error.class}: ${error.message}`,
  ]);
  return [
    letter.message,
    "",
    textTable(facts),
    "",
    ...(letter.kind === "ingest" ? [] : [textTable([["attempt", "began", "worker", "version", "outcome", "error"], ...attempts]), ""]),
    JSON.stringify(letter.payload, null, 2),
  ].join("\n");
}

function chainText({ decisions, isTruncated }: Log, chain: Chain): string {
  const count = isTruncated ? `the first ${decisions.length}` : decisions.length;
  return `${count}, ${chain.kind === "whole" ? "their chain holds" : `broken at ${chain.seq}: ${chain.reason}`}`;
}

type Log = { decisions: readonly Decision[]; isTruncated: boolean };

type Chain = ReturnType<typeof verifyChain>;
