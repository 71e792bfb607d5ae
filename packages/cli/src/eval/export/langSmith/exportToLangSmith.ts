import { streamEvalResults } from "@signalbox/db/evalRuns";
import { type PrismaClient, streamDatasetItems } from "@signalbox/db/prisma";
import { AppError, type EvalResult, type EvalRun, type EvalScore, targetName } from "@signalbox/model";
import type { Client } from "langsmith";
import { z } from "zod";
import type { CommandOutput } from "../../../commandLine/commandOutput.ts";
import { startProgress } from "../../../commandLine/progress.ts";
import { plannedVersion } from "../../plannedVersion.ts";
import { datasetNameOf, type ExperimentPlace, exampleIdOf, exampleOf, experimentNameOf, feedbackOf, runOf } from "./langSmithObjects.ts";
import { isTaken, langSmithFailure } from "./openLangSmith.ts";

/**
 * The result of an export: the number of tries in the experiment, how many of them
 * an earlier, interrupted export had sent, and the number of scores sent now.
 */
export interface Exported {
  readonly url: string;
  readonly dataset: string;
  readonly experiment: string;
  readonly tries: number;
  readonly before: number;
  readonly scores: number;
}

/**
 * The size of a page: the most examples in a form, and tries in a request, after each
 * of which the experiment records its count; fewer if they reach about this many bytes.
 */
const PAGE = { rowsMax: 100, bytesMax: 8_000_000 } as const;

async function* paged<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  let bytes = 0;
  for await (const row of rows) {
    page.push(row);
    bytes += JSON.stringify(row).length;
    if (page.length < PAGE.rowsMax && bytes < PAGE.bytesMax) continue;
    yield page;
    [page, bytes] = [[], 0];
  }
  if (page.length > 0) yield page;
}

/** Creates what does not exist and reuses what does: another export may have created it in between. */
async function madeOrFound<T>(make: () => Promise<T>, find: () => Promise<T>): Promise<T> {
  return make().catch((error: unknown) => {
    if (isTaken(error)) return find();
    throw error;
  });
}

async function idsOfExamples(client: Client, datasetId: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of client.listExamples({ datasetId })) ids.add(id.toLowerCase());
  return ids;
}

/**
 * Ensures that the dataset of the run's version exists with every example. An example
 * never changes, as its version never does. Returns the id of each item's example.
 */
async function sendDataset(prisma: PrismaClient, client: Client, run: EvalRun): Promise<{ id: string; examples: Map<string, string> }> {
  const { dataset, version } = await plannedVersion(prisma, run);
  const name = datasetNameOf(run);
  const description = `${run.dataset} of project ${run.project} in Signalbox, hash ${run.datasetHash}`;
  const { id } = await madeOrFound(
    () => client.createDataset(name, { description }),
    () => client.readDataset({ datasetName: name }),
  );
  const there = await idsOfExamples(client, id);
  const examples = new Map<string, string>();
  const counts = new Map<string, number>();
  for await (const page of paged(streamDatasetItems(prisma, dataset.id, version.number))) {
    const sent = page.map((item) => {
      const before = counts.get(item.hash) ?? 0;
      counts.set(item.hash, before + 1);
      const exampleId = exampleIdOf(id, item, before);
      examples.set(item.id, exampleId);
      return exampleOf(id, exampleId, item);
    });
    const missing = sent.filter((example) => !there.has(example.id));
    if (missing.length > 0) await client.uploadExamplesMultipart(id, missing);
  }
  return { id, examples };
}

const Session = z.object({
  id: z.string(),
  start_time: z.string(),
  end_time: z.string().nullish(),
  extra: z
    .object({
      metadata: z
        .object({ signalbox_sent: z.int().nonnegative().catch(0), signalbox_run: z.string().nullish().catch(null) })
        .catch({ signalbox_sent: 0, signalbox_run: null }),
    })
    .nullish(),
});

/** LangSmith may return times without their zone; they are in UTC. */
const utc = (time: string): string => new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`).toISOString();

/** The scores of a try, without failed ones. */
const scoresOf = ({ scores }: EvalResult): EvalScore[] => scores.filter(({ isFailure }) => !isFailure);

/** LangSmith keeps a finished run as it is. */
function unlessFinished(failure: unknown): void {
  if (!isTaken(failure)) throw failure;
}

/** The experiment that an earlier export made of a run. Throws `conflict` where its name belongs to something else. */
async function foundExperiment(client: Client, name: string, run: EvalRun): Promise<unknown> {
  const project: unknown = await client.readProject({ projectName: name });
  if (Session.parse(project).extra?.metadata.signalbox_run === run.id) return project;
  throw new AppError("conflict", `LangSmith has an experiment ${name} already, which is not of the run ${run.id}.`, {
    hint: "Rename it or delete it there; then export again.",
  });
}

type SentRun = ReturnType<typeof runOf>;

/** Sends a run that may already exist: then it is updated. */
async function sendAgain(client: Client, sent: SentRun): Promise<void> {
  const { id, trace_id, dotted_order, end_time, inputs, outputs, error, extra } = sent;
  await client.createRun({ ...sent }).catch(async (failure: unknown) => {
    if (!isTaken(failure)) throw failure;
    const change = { trace_id, dotted_order, end_time, inputs, outputs, extra, ...(error === undefined ? {} : { error }) };
    await client.updateRun(id, change).catch(unlessFinished);
  });
}

async function sendScore(client: Client, { id, start_time }: SentRun, experiment: ExperimentPlace, score: EvalScore): Promise<void> {
  const feedback = feedbackOf(id, start_time, experiment, score);
  await client.createFeedback(feedback).catch(async (failure: unknown) => {
    if (!isTaken(failure)) throw failure;
    await client.updateFeedback(feedback.feedbackId, { score: feedback.score, comment: feedback.comment ?? "" });
  });
}

/** Sends tries in one request, or one by one where some already exist; then the scores of all. */
async function sendTries(
  client: Client,
  tries: readonly { readonly result: EvalResult; readonly sent: SentRun }[],
  experiment: ExperimentPlace,
): Promise<void> {
  const runCreates = tries.map(({ sent: { project_name: session_name, ...sent } }) => ({ ...sent, session_name }));
  await client.batchIngestRuns({ runCreates }).catch(async (failure: unknown) => {
    if (!isTaken(failure)) throw failure;
    await allOf(tries.map(({ sent }) => sendAgain(client, sent)));
  });
  await allOf(tries.flatMap(({ result, sent }) => scoresOf(result).map((score) => sendScore(client, sent, experiment, score))));
}

/** Waits for all, so that nothing is still on its way when the first failure is thrown. */
async function allOf(sending: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(sending);
  await Promise.all(sending);
}

/**
 * Sends a finished run to LangSmith: its dataset's version, the experiment, a run for every try and feedback for every
 * score. All ids are derived from content and position, so that a second export updates what exists and duplicates nothing.
 * The experiment's metadata records the progress of an export; an interrupted one continues there. Throws `conflict` for an
 * unfinished run, `upstream_unavailable` where LangSmith is unavailable, and `bad_answer` where something else answers.
 */
export async function exportToLangSmith(
  prisma: PrismaClient,
  { client, url }: { client: Client; url: string },
  run: EvalRun,
  output: CommandOutput,
): Promise<Exported> {
  if (run.endedAt === null)
    throw new AppError("conflict", `The run ${run.name} has not ended: ${run.finished} of ${run.items * run.trials} tries.`, {
      hint: `./signalbox eval run --resume ${run.id} goes on with it.`,
    });
  const progress = startProgress(output, "Exporting", run.finished);
  try {
    return { ...(await sendRun(prisma, client, run, progress.update)), url };
  } catch (error) {
    throw langSmithFailure(error, url, run);
  } finally {
    progress.stop();
  }
}

async function sendRun(
  prisma: PrismaClient,
  client: Client,
  run: EvalRun,
  onProgress: (sent: number) => void,
): Promise<Omit<Exported, "url">> {
  const { id: datasetId, examples } = await sendDataset(prisma, client, run);
  const name = experimentNameOf(run);
  const metadata = {
    ...{
      signalbox_run: run.id,
      signalbox_dataset: run.dataset,
      target: targetName(run.target),
      began_at: run.createdAt,
      ended_at: run.endedAt,
    },
    ...{ num_repetitions: run.trials },
  };
  const session = Session.parse(
    await madeOrFound<unknown>(
      () =>
        client.createProject({
          ...{ projectName: name, referenceDatasetId: datasetId, metadata },
          ...{ numExamples: run.items, numRepetitions: run.trials },
        }),
      () => foundExperiment(client, name, run),
    ),
  );
  const experiment = { name, id: session.id, startedAt: utc(session.start_time) };
  const sentBefore = session.extra?.metadata.signalbox_sent ?? 0;
  const before = sentBefore < run.finished ? sentBefore : 0;

  let [passed, scores] = [0, 0];
  for await (const page of paged(streamEvalResults(prisma, run.id))) {
    const missing = page.slice(Math.max(0, before - passed));
    passed += page.length;
    if (missing.length > 0) {
      const tries = missing.map((result) => ({ result, sent: runOf(run, result, experiment, examples.get(result.itemId)) }));
      await sendTries(client, tries, experiment);
      await client.updateProject(session.id, { metadata: { ...metadata, signalbox_sent: passed } });
      scores += missing.reduce((sum, result) => sum + scoresOf(result).length, 0);
    }
    onProgress(passed);
  }
  const endTime = session.end_time ? utc(session.end_time) : new Date().toISOString();
  await client.updateProject(session.id, { metadata: { ...metadata, signalbox_sent: passed }, endTime });
  return { dataset: datasetNameOf(run), experiment: name, tries: passed, before, scores };
}
