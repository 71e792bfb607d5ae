import { addAnnotationItems, createAnnotationQueue, labelAnnotationItem, storeJudgeCalibration } from "@signalbox/db/annotations";
import { createScoreLedger, newOutcome } from "@signalbox/db/clickhouse";
import { setScoreRule } from "@signalbox/db/prisma";
import { aChain, aSpan, NOON, storeDecisions, storeScores, storeSpans } from "@signalbox/db/testing";
import { JudgeCalibrationRecord, NewAnnotationQueue, ScoreRuleDraft, traceIdOf } from "@signalbox/model";
import type { TestConsole } from "./testConsole.ts";

const TALKS = [
  ["first", "May I bring my dog?", "Small dogs fly in the cabin."],
  ["second", "I want my money back.", "No."],
  ["third", "Is there a meal?", "There is, on flights of more than three hours."],
  ["fourth", "Is there a bus?", "There is none."],
] as const;

const JUDGE = "judge:0123456789abcdef";

/** A rule of a judge for project `default`, and in its ledger these traces: scored, sampled out, waiting for another try, failed. */
export async function storeScoreRule(
  { state, clickhouse }: TestConsole,
  [one, two, three, four]: readonly [string, string, string, string],
) {
  const now = Date.now();
  const draft = ScoreRuleDraft.parse({
    ...{ project: "default", name: "helpful", share: 0.5 },
    scorers: [{ name: "judge", as: "helpful", options: { model: "m", rubric: "Does it help?" } }],
  });
  const rule = await setScoreRule(state, draft, { actor: "ann", now: new Date(now) });
  const outcome = (trace: string) => newOutcome(traceIdOf(trace), "waiting", now);
  await createScoreLedger(clickhouse).write(
    { project: "default", ruleId: rule.id, version: 1 },
    [
      { ...outcome(one), state: "scored", tries: 1, scores: { helpful: 0.75 } },
      { ...outcome(two), state: "sampled_out" },
      { ...outcome(three), tries: 2, reason: "The judge's model does not answer." },
      { ...outcome(four), state: "failed", tries: 1, reason: "helpful: no score: the judge answered outside its schema 2 times" },
    ],
    now,
  );
}

/** A queue whose first trace two people label differently, and one without traces; answers their ids. */
async function storeQueues({ state }: TestConsole): Promise<{ queue: string; emptyQueue: string }> {
  const now = new Date();
  const made = (name: string) => {
    const queue = {
      project: "default",
      name,
      question: `Was the answer of ${name}?`,
      kind: { type: "pass_fail" },
      scoreName: name,
      overlap: 2,
    };
    return createAnnotationQueue(state, NewAnnotationQueue.parse({ ...queue, instructions: "Short is fine." }), { createdBy: "ann", now });
  };
  const [queue, empty] = [await made("politeness"), await made("brevity")];
  const subjects = TALKS.map(([trace]) => ({ traceId: traceIdOf(trace), spanId: null }));
  await addAnnotationItems(state, queue.id, subjects, { addedBy: "ann", now });
  const { id: itemId } = await state.annotationItemRow.findFirstOrThrow({ where: { queueId: queue.id, position: 1 } });
  await labelAnnotationItem(state, queue, { itemId, person: "ann", value: 1, note: "", now });
  await labelAnnotationItem(state, queue, { itemId, person: "bob", value: 0, note: "curt", now });
  return { queue: queue.id, emptyQueue: empty.id };
}

/** Decisions that say how sure they were, what became of their traces, and two judges: one compared with people, one not. */
async function storeCalibration({ state, clickhouse }: TestConsole): Promise<void> {
  const time = new Date().toISOString();
  const names = Array.from({ length: 30 }, (_, index) => `sure-${index}`);
  await storeDecisions(
    clickhouse,
    names.flatMap((name, index) => aChain(name, [{ kind: "understood", confidence: 0.5 + index / 70, time }])),
  );
  const score = { project: "default", spanId: null, explanation: "", time };
  await storeScores(clickhouse, [
    ...names.map((name, index) => {
      const value = index % 3 === 0 ? 0 : 1;
      return { ...score, traceId: traceIdOf(name), name: "reward", value, label: value === 1 ? "pass" : "fail", scorer: "signalbox" };
    }),
    ...[JUDGE, "judge:fedcba9876543210"].map((scorer) => ({
      ...{ ...score, traceId: traceIdOf("first"), name: "helpful", value: 1, label: "pass", scorer },
    })),
  ]);
  const share = { value: 0.8, lower: 0.6, upper: 0.9 };
  const record = JudgeCalibrationRecord.parse({
    counts: { truePasses: 24, falseFails: 6, trueFails: 16, falsePasses: 4 },
    kappa: { value: 0.6, lower: 0.4, upper: 0.8 },
    ...{ sensitivity: share, specificity: share, judged: 400 },
    corrected: { raw: 0.7, powered: { estimate: 0.66, lower: 0.6, upper: 0.72 }, byErrors: null },
  });
  const judged = { project: "default", scoreName: "helpful", judge: JUDGE, labelSet: "a".repeat(64), labels: 50, record, madeBy: "ann" };
  await storeJudgeCalibration(state, judged, new Date());
}

/** Fills project `default` of a console with all by which its agents are judged: talks, a score rule with its ledger, two annotation queues, and what tells how far decisions and judges may be believed. */
export async function storeJudging(app: TestConsole): Promise<{ queue: string; emptyQueue: string }> {
  const text = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
  const spans = TALKS.map(([trace, asked, answered], index) => ({
    ...aSpan({ trace, name: `talk ${trace}`, kind: "llm", atMs: Date.now() - Number(NOON / 1_000_000n) - 60_000 * (index + 1) }),
    ...{ inputMessages: text("user", asked), outputMessages: text("assistant", answered) },
  }));
  await storeSpans(app.clickhouse, spans);
  await storeScoreRule(app, ["first", "second", "third", "fourth"]);
  await storeCalibration(app);
  return storeQueues(app);
}
