import type { createTraceStore, ScoreLedger, ScoreOutcome } from "@signalbox/db/clickhouse";
import {
  claimTraces,
  drainRuleVersion,
  dropOldClaims,
  keepClaims,
  listAbandoned,
  listRuleWork,
  noteRuleVersion,
  type PrismaClient,
  type RuleWork,
  type SettledTrace,
  settleClaims,
} from "@signalbox/db/prisma";
import { type FindAsk, type ReadyScorer, readScorers, scoreTrace } from "@signalbox/evals";
import { AppError, type EvalScore, JUDGE_PREFIX, newId, type Score, scoreRuleScorer, stableId } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { openLanes } from "./lanes.ts";
import { isSpent, nextOutcome, type Try } from "./nextOutcome.ts";
import { readTrace } from "./readTrace.ts";

/** Dependencies of scoring. `insert` stores scores durably; `outcomes` counts traces. */
export type ScoreParts = {
  prisma: PrismaClient;
  ledger: Pick<ScoreLedger, "waiting" | "oldestWaiting" | "of" | "write">;
  traces: Pick<ReturnType<typeof createTraceStore>, "summary" | "talkingEnds">;
  insert: (scores: readonly Score[], token: string) => Promise<void>;
  findAsk: FindAsk;
  clock: () => number;
  log: Logger;
  outcomes: Counter<"project" | "state">;
};

/** How many traces of a rule are listed at a time, and below, how many are scored at once: judges take seconds. */
const TRACES_MAX = 40;
const AT_ONCE = 8;

/** How many rules of one project are scored at once, and below, after how many milliseconds a rule yields to others. */
const PROJECT_RULES_MAX = 4;
const TURN_MS = 10_000;

/** How long a round waits for its rules, in milliseconds: slower ones go on, and the others get their next turn. */
const ROUND_MS = 1_000;

/**
 * The group of traces that are scored one by one, nothing else of this kind beside them: those that so many had claimed who were
 * gone. One that is gone is an everyday thing, and what it had claimed goes on with the others; a second one makes a trace suspect.
 */
const ALONE = "alone";
const SUSPECT_FROM = 2;

/**
 * If none of several traces could be scored and all may be retried, the judge counts as away: its rule pauses this long, in milliseconds.
 */
const AWAY_MS = 10_000;

/**
 * How long a claim on a trace lasts, in milliseconds; it is renewed while the trace is scored. After a controller was killed, another
 * scores its traces once the claims have expired.
 */
export const LEASE_MS = 60_000;
const KEEP_MS = LEASE_MS / 4;

/** How often expired claims are deleted, in milliseconds. */
const FORGET_MS = 3_600_000;

/**
 * How far after the oldest waiting trace the ledger is searched for others, in milliseconds, so that a long ledger need not be read whole.
 */
const MARGIN_MS = 3_600_000;

/** Later than any retry time: in the year 2255. */
const FAR_MS = 9_000_000_000_000;

const keyOf = ({ ruleId, version }: RuleWork): string => `${ruleId} ${version}`;

/** A rule's scorers, or the reason why they cannot work. */
function scorersOf({ terms }: RuleWork, findAsk: FindAsk): ReadyScorer[] | { note: string } {
  try {
    return readScorers(terms.scorers, findAsk);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { note: error.hint === undefined ? error.message : `${error.message} ${error.hint}` };
  }
}

/** A trace's scores in the form in which they are stored. */
function storedScores(rule: RuleWork, traceId: string, scores: readonly EvalScore[], time: string): Score[] {
  return scores.map(({ name, value, passed, explanation, judge }) => ({
    ...{ project: rule.project, traceId, spanId: null, name, value, explanation, time },
    label: passed === null ? "" : passed ? "pass" : "fail",
    scorer: judge === undefined ? scoreRuleScorer(rule) : JUDGE_PREFIX + judge.id,
  }));
}

/** Renews claims for as long as `work` takes. */
async function holding<T>(keep: () => Promise<unknown>, log: Logger, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    keep().catch((error: unknown) => log.warn({ error }, "traces could not be held while they are scored"));
  }, KEEP_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Scores waiting traces, round by round; `close` waits for those being scored. */
interface ScoreRounds {
  round: () => Promise<"more" | "idle">;
  close: () => Promise<void>;
}

/**
 * Scores what waits, rules side by side. Each trace is claimed before its scorers are asked, so that however many controllers
 * there are, one pays for it. The scores stand on a trace before its outcome says so: a kill between the two leaves the trace
 * to whoever claims it when its lease has run out, who scores it once more and says so, and those scores take the place of these. One
 * that was left so more than once is scored alone: it may be what ended the process, and what is beside it should not be blamed for that.
 */
export function openScoreRounds({ prisma, ledger, traces, insert, findAsk, clock, log, outcomes }: ScoreParts): ScoreRounds {
  const holder = newId();
  const lanes = openLanes();
  let forgottenMs = Number.NEGATIVE_INFINITY;
  /** Since when traces of a rule version may be waiting, in milliseconds since 1970. */
  const waitingSince = new Map<string, number>();
  /** Until when a rule version whose judge is away is not tried, in milliseconds since 1970. */
  const awayUntil = new Map<string, number>();

  async function tryOne(rule: RuleWork, scorers: readonly ReadyScorer[], traceId: string): Promise<Try> {
    try {
      const read = await readTrace(traces, rule.project, traceId);
      if (read === null) return { kind: "gone" };
      return { kind: "scored", ...(await scoreTrace(read.item, read.answer, scorers)) };
    } catch (error) {
      return { kind: "error", error };
    }
  }

  const lease = { holder, leaseMs: LEASE_MS };

  /** Claims some traces and re-reads their ledger entries: another controller may have scored one since they were listed. */
  async function claim(rule: RuleWork, waiting: readonly ScoreOutcome[]) {
    const asked = waiting.map(({ traceId }) => traceId);
    const claimed = await claimTraces(prisma, rule, asked, lease);
    if (claimed.length === 0) return [];
    const before = new Map((await ledger.of(rule, asked)).map((outcome) => [outcome.traceId, outcome]));
    const now = clock();
    const open: { before: ScoreOutcome; abandoned: number }[] = [];
    const others: SettledTrace[] = [];
    for (const { traceId, abandoned } of claimed) {
      const outcome = before.get(traceId);
      if (outcome?.state === "waiting" && outcome.nextTryAtMs <= now) open.push({ before: outcome, abandoned });
      else others.push({ traceId, isDone: outcome?.state !== "waiting" });
    }
    await settleClaims(prisma, rule, others, holder);
    return open;
  }

  /** Scores some traces; returns their outcomes, without those that another controller has taken meanwhile. */
  async function scoreClaimed(rule: RuleWork, scorers: readonly ReadyScorer[], waiting: readonly ScoreOutcome[]): Promise<ScoreOutcome[]> {
    const claimed = await claim(rule, waiting);
    if (claimed.length === 0) return [];
    const traceIds = claimed.map(({ before }) => before.traceId);
    const keep = () => keepClaims(prisma, rule, traceIds, lease);
    const tried = await holding(keep, log, () =>
      Promise.all(
        claimed.map(async ({ before, abandoned }) => {
          const tried: Try = isSpent(before, abandoned) ? { kind: "spent" } : await tryOne(rule, scorers, before.traceId);
          return { before, abandoned, tried };
        }),
      ),
    );
    const held = await keep();
    const own = tried.filter(({ before }) => held.has(before.traceId));
    const now = clock();
    const time = new Date(now).toISOString();
    const scores = own.flatMap(({ before, tried }) =>
      tried.kind === "scored" ? storedScores(rule, before.traceId, tried.scores, time) : [],
    );
    if (scores.length > 0) await insert(scores, `rule:${stableId(rule.ruleId, String(rule.version), JSON.stringify(scores))}`);
    const after = own.map(({ before, tried, abandoned }) => nextOutcome(before, tried, now, abandoned));
    await ledger.write(rule, after, now);
    const settled = after.map(({ traceId, state }) => ({ traceId, isDone: state !== "waiting" }));
    await settleClaims(prisma, rule, settled, holder);
    for (const { state, reason, traceId } of after) {
      outcomes.inc({ project: rule.project, state });
      if (state !== "scored") log.warn({ rule: rule.name, version: rule.version, traceId, state, reason }, "a trace was not scored");
    }
    return after;
  }

  /**
   * Scores some traces; returns whether it went well. A judge that is away or slow is left alone for now, and so are traces that others
   * score.
   */
  async function scoreSome(
    rule: RuleWork,
    scorers: readonly ReadyScorer[],
    waiting: readonly ScoreOutcome[],
    endMs: number,
  ): Promise<boolean> {
    let isAnyScored = false;
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      const after = await scoreClaimed(rule, scorers, waiting.slice(from, from + AT_ONCE));
      isAnyScored ||= after.length > 0;
      if (after.length > 0 && after.every(({ state }) => state === "waiting")) {
        awayUntil.set(keyOf(rule), clock() + AWAY_MS);
        return false;
      }
      if (lanes.isClosed() || clock() >= endMs) break;
    }
    return isAnyScored;
  }

  /** Scores suspect traces one by one, beginning with those that killed the fewest processes. */
  function scoreAlone(rule: RuleWork, scorers: readonly ReadyScorer[], suspects: readonly ScoreOutcome[]): void {
    const task = async (): Promise<boolean> => {
      for (const suspect of suspects) if (!lanes.isClosed()) await scoreClaimed(rule, scorers, [suspect]);
      return false;
    };
    lanes.start({ key: `${keyOf(rule)} ${ALONE}`, group: ALONE, groupMax: 1, task });
  }

  /** Marks traces that wait for a removed rule as not scored. */
  async function giveUp(rule: RuleWork, waiting: readonly ScoreOutcome[]): Promise<void> {
    const after = waiting.map((one): ScoreOutcome => ({ ...one, state: "failed", reason: "the rule was removed before it was scored" }));
    await ledger.write(rule, after, clock());
  }

  /** Advances one rule version; returns whether more of it can be scored at once. */
  async function work(rule: RuleWork, endMs: number): Promise<boolean> {
    const key = keyOf(rule);
    if (!rule.isRemoved && (awayUntil.get(key) ?? 0) > clock()) return false;
    const sinceMs = waitingSince.get(key) ?? 0;
    const oldestMs = await ledger.oldestWaiting(rule, sinceMs);
    waitingSince.set(key, (oldestMs ?? clock()) - MARGIN_MS);
    if (oldestMs === null) {
      if (rule.isEnded) await drainRuleVersion(prisma, rule, new Date(clock()));
      return false;
    }
    const waiting = await ledger.waiting(rule, { nowMs: rule.isRemoved ? FAR_MS : clock(), sinceMs, rowsMax: TRACES_MAX });
    if (rule.isRemoved) {
      await giveUp(rule, waiting);
      return true;
    }
    const scorers = scorersOf(rule, findAsk);
    const note = "note" in scorers ? scorers.note : null;
    if (note !== rule.note) await noteRuleVersion(prisma, rule, note);
    if ("note" in scorers || waiting.length === 0) return false;
    const abandoned = await listAbandoned(
      prisma,
      rule,
      waiting.map(({ traceId }) => traceId),
    );
    const times = new Map(abandoned.map(({ traceId, abandoned }) => [traceId, abandoned]));
    const timesOf = ({ traceId }: ScoreOutcome): number => times.get(traceId) ?? 0;
    const suspects = waiting.filter((one) => timesOf(one) >= SUSPECT_FROM).sort((one, other) => timesOf(one) - timesOf(other));
    if (suspects.length > 0) scoreAlone(rule, scorers, suspects);
    const others = waiting.filter((one) => timesOf(one) < SUSPECT_FROM);
    return (await scoreSome(rule, scorers, others, endMs)) && waiting.length === TRACES_MAX;
  }

  /** Advances one rule version until nothing more can be scored at once, or its turn is over; returns which. */
  async function takeTurn(rule: RuleWork): Promise<boolean> {
    const endMs = clock() + TURN_MS;
    while (await work(rule, endMs)) if (lanes.isClosed() || clock() >= endMs) return true;
    return false;
  }

  return {
    async round() {
      if (clock() - forgottenMs >= FORGET_MS) {
        await dropOldClaims(prisma);
        forgottenMs = clock();
      }
      const rules = (await listRuleWork(prisma)).filter(({ isEnabled, isRemoved }) => isEnabled || isRemoved);
      for (const rule of rules)
        lanes.start({ key: keyOf(rule), group: rule.project, groupMax: PROJECT_RULES_MAX, task: () => takeTurn(rule) });
      const { isRunning, hasMore } = await lanes.settled(ROUND_MS);
      return isRunning || hasMore ? "more" : "idle";
    },
    close: () => lanes.close(),
  };
}
