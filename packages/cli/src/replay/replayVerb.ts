import { type PrismaClient, type ReplayableFilter, readManifests, readRecordings, requireReplayable } from "@signalbox/db/prisma";
import {
  ActReason,
  AppError,
  confirmEffects,
  DEFAULT_PROJECT,
  ProjectName,
  type ReplayPlan,
  type ReplayReport,
  type TaskRecording,
} from "@signalbox/model";
import { z } from "zod";
import { EXIT, type ExitCode } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act, Invocation } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { recordedFailure, replayLive, replayManyLive } from "./liveReplays.ts";
import { type ReplayTotals, replayMany, requestFor } from "./replayMany.ts";
import { type ReplayFlags, replayPlanOf } from "./replayPlan.ts";
import { openReplayProcess } from "./replayProcess.ts";
import { requireWritable, selectionName, writeReplayResults } from "./replayResults.ts";
import { replayText, spentText } from "./replayText.ts";

/** The flags of the verb: those of the plan, and those that select tasks. */
export interface ReplayVerbFlags extends ReplayFlags {
  group?: string;
  since?: string;
  until?: string;
  project?: string;
  reason?: string;
  yes?: string;
  failOnChange?: boolean;
  results?: string;
  recordedResults?: string;
}

const Selection = z.object({
  task: z.uuid("it is the id of a task").optional(),
  group: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "it is 16 hex digits")
    .optional(),
  since: z.coerce.date("it is a time such as 2026-11-24T00:00Z").optional(),
  until: z.coerce.date("it is a time such as 2026-11-25T00:00Z").optional(),
  project: ProjectName.default(DEFAULT_PROJECT),
  reason: ActReason.optional(),
});

/** The selected tasks, and the reason. */
type Selected = { project: string; reason: string | null; of: { task: string } | ReplayableFilter };

/** The task, or tasks, of a project that a command line selects. Throws `invalid_input` when it selects none, or uses both ways. */
function selectionOf(args: readonly string[], { group, since, until, project: given, reason: why }: ReplayVerbFlags): Selected {
  const asked = parseArguments(Selection, { task: args[0], group, since, until, project: given, reason: why });
  const { project, reason = null } = asked;
  const ways = [asked.task, asked.group, asked.since ?? asked.until].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new AppError("invalid_input", "A replay is of one task, of a group, or of a time.", {
      hint: "Name a task, or give --group FINGERPRINT, or --since and --until.",
    });
  if (asked.task !== undefined) return { project, reason, of: { task: asked.task } };
  if (asked.group !== undefined) return { project, reason, of: { project, fingerprint: asked.group } };
  if (asked.since === undefined) throw new AppError("invalid_input", "--until needs --since.");
  const of = { project, since: asked.since, until: asked.until ?? new Date() };
  if (of.since >= of.until) throw new AppError("invalid_input", "--since is not before --until.");
  return { project, reason, of };
}

function totalsText(totals: ReplayTotals): string {
  const { replayed, identical, diverged, outcomeChanged, stopped, changes, tasks, failed, hashes, askedCostUsd, askedTokens } = totals;
  const place = (step: number | null, seq: number | null): string => (step === null ? `decision ${seq}` : `step ${step}`);
  const endWord = (isOther: boolean | null): string => (isOther === null ? "stopped" : isOther ? "other outcome" : "same outcome");
  const rows = tasks.flatMap(({ taskId, name, divergence, outcomeChanged: isOther }) =>
    divergence === null ? [] : [[taskId, endWord(isOther), `${place(divergence.step, divergence.seq)}, ${divergence.field}`, name]],
  );
  return [
    textTable([
      ["replayed", String(replayed)],
      ["identical", String(identical)],
      ["diverged", String(diverged)],
      ["other outcome", String(outcomeChanged)],
      ...(stopped === 0 ? [] : [["stopped at a call not on record", String(stopped)]]),
      ["fixed", String(changes.fixed)],
      ["worse", String(changes.worse)],
      ...(changes.unknown === 0 ? [] : [["not known", String(changes.unknown)]]),
      ...(hashes === null
        ? [["cost", spentText(askedCostUsd, askedTokens)]]
        : [["hashes as recorded", `${hashes.equal} of ${hashes.total}`]]),
      ...(failed.length === 0 ? [] : [["not replayed", String(failed.length)]]),
    ]),
    ...(rows.length === 0 ? [] : ["", textTable(rows)]),
    ...(failed.length === 0 ? [] : ["", ...failed.map(({ message }) => message)]),
  ].join("\n");
}

/**
 * The exit code of replays: with `--fail-on-change` by whether some outcome changed, or is unknown,
 * else by whether a recorded replay was identical; a live one is expected to differ.
 */
export function exitCodeOf(
  { mode }: Pick<ReplayPlan, "mode">,
  { failOnChange = false }: ReplayVerbFlags,
  { diverged, outcomeChanged, stopped }: Found,
): ExitCode {
  if (failOnChange) return outcomeChanged > 0 ? EXIT.failed : stopped > 0 ? EXIT.inconclusive : EXIT.pass;
  return mode === "recorded" && diverged > 0 ? EXIT.failed : EXIT.pass;
}

type Found = Pick<ReplayTotals, "diverged" | "outcomeChanged" | "stopped">;

async function replayRecorded(prisma: PrismaClient, recording: TaskRecording, plan: ReplayPlan): Promise<ReplayReport> {
  const manifests = await readManifests(prisma, plan.against);
  await using replaying = openReplayProcess();
  const [answer] = await replaying.replay([requestFor(recording, plan, manifests)]);
  if (answer === undefined) throw new AppError("infrastructure", "nothing was answered");
  if ("error" in answer) throw recordedFailure(answer.error);
  return answer.report;
}

async function replayOne(
  task: string,
  { project, reason }: Selected,
  { output, env, flags }: Invocation<ReplayVerbFlags>,
): Promise<ExitCode> {
  if (flags.results !== undefined || flags.recordedResults !== undefined)
    throw new AppError("invalid_input", "Results for a gate are of many tasks.", { hint: "Name a group, or a time: --group, --since." });
  const config = loadConfig(env, flags);
  const plan = await replayPlanOf(flags);
  await using prisma = openStateStore(config);
  const [recording] = await readRecordings(prisma, [task]);
  if (recording === undefined || (recording.requests.at(-1)?.project ?? DEFAULT_PROJECT) !== project)
    throw new AppError("not_found", `There is no task ${task} in the project ${project}.`, { hint: "Name another with --project." });
  const report = await (plan.mode === "live"
    ? replayLive(prisma, project, task, { plan, reason })
    : replayRecorded(prisma, recording, plan));
  output.result(report, () => replayText(report, output));
  return exitCodeOf(plan, flags, {
    diverged: Number(report.outcome === "diverged"),
    outcomeChanged: Number(report.outcomeChanged === true),
    stopped: Number(report.outcomeChanged === null),
  });
}

async function replaySelection(
  filter: ReplayableFilter,
  { project, reason }: Selected,
  { output, env, flags }: Invocation<ReplayVerbFlags>,
): Promise<ExitCode> {
  const config = loadConfig(env, flags);
  const paths = { replayed: flags.results, recorded: flags.recordedResults };
  await requireWritable(paths);
  const plan = await replayPlanOf(flags);
  if (plan.from !== 1) throw new AppError("invalid_input", "--from is of one task.", { hint: "Many tasks go live from their beginning." });
  await using prisma = openStateStore(config);
  const ids = await requireReplayable(prisma, filter);
  confirmEffects(plan, flags.yes, ids.length);
  const progress = startProgress(output, "Replaying", ids.length);
  const of = project === DEFAULT_PROJECT ? "" : ` --project ${project}`;
  const onStart = (batchId: string) =>
    output.note(`Workers do them. Cancel what is left: ./signalbox replay cancel ${batchId}${of} --reason '…'`);
  const replaying =
    plan.mode === "live"
      ? replayManyLive(prisma, filter, ids, { plan, reason }, { onStart, onProgress: progress.update })
      : replayManyRecorded(prisma, ids, plan, progress.update);
  const totals = await replaying.finally(progress.stop);
  // The usage was paid for: it is printed even where the files cannot be written after all.
  output.result(totals, () => totalsText(totals));
  await writeReplayResults(paths, totals, { selection: selectionName(filter), plan });
  const code = exitCodeOf(plan, flags, totals);
  return code === EXIT.pass && totals.failed.length > 0 ? EXIT.infrastructure : code;
}

async function replayManyRecorded(prisma: PrismaClient, ids: readonly string[], plan: ReplayPlan, onProgress: (done: number) => void) {
  const manifests = await readManifests(prisma, plan.against);
  await using replaying = openReplayProcess();
  return await replayMany(prisma, replaying, ids, plan, manifests, onProgress);
}

/**
 * `signalbox replay`: 0 when everything was as expected, 1 when something diverged (or,
 * with `--fail-on-change`, some outcome changed), 3 with it where one is unknown, 4 when something could not be replayed.
 */
export const replay: Act<ReplayVerbFlags> = async (invocation) => {
  const selected = selectionOf(invocation.args, invocation.flags);
  const { of } = selected;
  return "task" in of ? replayOne(of.task, selected, invocation) : replaySelection(of, selected, invocation);
};
