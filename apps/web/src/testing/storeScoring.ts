import { addAnnotationItems, createAnnotationQueue, labelAnnotationItem, storeJudgeCalibration } from "@signalbox/db/annotations";
import { createScoreLedger, newOutcome } from "@signalbox/db/clickhouse";
import { setScoreRule } from "@signalbox/db/prisma";
import { storeDecisions, storeScores } from "@signalbox/db/testing";
import { EMPTY_CHAIN, NewAnnotationQueue, ScoreRuleDraft, sealDecision } from "@signalbox/model";
import type { TestConsole } from "./testConsole.ts";

const JUDGE = "judge:m:5f3a9c0de1b24c77";

/** The queue with labels, and one without any. */
export type Scoring = { queue: string; unbegun: string };

async function storeRule({ state, clickhouse }: TestConsole, traceIds: readonly string[]): Promise<void> {
  const now = Date.now();
  const draft = ScoreRuleDraft.parse({
    ...{ project: "default", name: "helpful", share: 0.5 },
    scorers: [{ name: "judge", as: "helpful", options: { model: "m", rubric: "Does it help?" } }],
  });
  const { id } = await setScoreRule(state, draft, { actor: "ann", now: new Date(now) });
  const ends = [
    { state: "scored", tries: 1, scores: { helpful: 0.75 } },
    { state: "sampled_out" },
    { tries: 2, reason: "The judge's model does not answer." },
    { state: "failed", tries: 1, reason: "helpful: no score: the judge answered outside its schema 2 times" },
  ] as const;
  const outcomes = traceIds.map((traceId, index) => ({ ...newOutcome(traceId, "waiting", now), ...ends[index % ends.length] }));
  await createScoreLedger(clickhouse).write({ project: "default", ruleId: id, version: 1 }, outcomes, now);
}

async function storeCalibration({ state, clickhouse }: TestConsole, traceIds: readonly string[]): Promise<void> {
  const time = new Date(Date.now() - 60_000).toISOString();
  await storeDecisions(
    clickhouse,
    traceIds.map((traceId, index) =>
      sealDecision(EMPTY_CHAIN, {
        ...{ project: "default", taskId: traceId, kind: "understood", time, attempt: 1, traceId, spanId: null },
        ...{ actor: { service: "understanding", version: "1" }, chosen: "refund", confidence: 0.3 + (index % 70) / 100 },
        ...{ reason: "", detail: {} },
      }),
    ),
  );
  const score = { project: "default", spanId: null, label: "", explanation: "", time };
  await storeScores(
    clickhouse,
    traceIds.flatMap((traceId, index) => [
      { ...score, traceId, name: "reward", value: index % 3 === 0 ? 0 : 1, scorer: "rules" },
      { ...score, traceId, name: "helpful", value: index % 4 === 0 ? 0 : 1, scorer: JUDGE },
    ]),
  );
  const share = (value: number) => ({ value, lower: value - 0.12, upper: value + 0.07 });
  await storeJudgeCalibration(
    state,
    {
      ...{ project: "default", scoreName: "helpful", judge: JUDGE, labelSet: "helpful", labels: 100, madeBy: "ann" },
      record: {
        counts: { truePasses: 61, falseFails: 7, trueFails: 24, falsePasses: 8 },
        ...{ kappa: share(0.65), sensitivity: share(0.9), specificity: share(0.75), judged: traceIds.length },
        corrected: { raw: 0.67, powered: { estimate: 0.64, lower: 0.57, upper: 0.71 }, byErrors: null },
      },
    },
    new Date(),
  );
}

async function storeQueue({ state }: TestConsole, name: string, traceIds: readonly string[]) {
  const [now, kind] = [new Date(), { type: "pass_fail" }];
  const asked = NewAnnotationQueue.parse({
    ...{ project: "default", name, question: "Was the answer polite?", kind, scoreName: name, overlap: 2 },
  });
  const queue = await createAnnotationQueue(state, asked, { createdBy: "ann", now });
  const subjects = traceIds.map((traceId) => ({ traceId, spanId: null }));
  await addAnnotationItems(state, queue.id, subjects, { addedBy: "ann", now });
  return queue;
}

/** Two people label the first items of a queue, and disagree about the very first. */
async function storeLabels({ state }: TestConsole, queue: Awaited<ReturnType<typeof storeQueue>>): Promise<void> {
  const items = await state.annotationItemRow.findMany({ where: { queueId: queue.id }, orderBy: { position: "asc" }, take: 2 });
  const said = { note: "curt", now: new Date() };
  for (const [index, { id: itemId }] of items.entries()) {
    await labelAnnotationItem(state, queue, { ...said, itemId, person: "ann", value: 1 });
    await labelAnnotationItem(state, queue, { ...said, itemId, person: "bob", value: index === 0 ? 0 : 1 });
  }
}

/**
 * Scores these traces of project `default` in every possible way: by a rule, with each outcome in its ledger; by a judge that was
 * calibrated against people; and by people in a queue.
 */
export async function storeScoring(app: TestConsole, traceIds: readonly string[]): Promise<Scoring> {
  await storeRule(app, traceIds.slice(0, 4));
  await storeCalibration(app, traceIds);
  const queue = await storeQueue(app, "politeness", traceIds.slice(0, 3));
  await storeLabels(app, queue);
  const unbegun = await storeQueue(app, "tone of voice", []);
  return { queue: queue.id, unbegun: unbegun.id };
}
