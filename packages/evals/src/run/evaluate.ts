import { AppError, type EvalResult, issuesText, newId, type ScorerChoice, TRY_MS_MAX, TriesPerSecond } from "@signalbox/model";
import { z } from "zod";
import { embedByEnvironment } from "../embeddings/embedByEnvironment.ts";
import { askByEnvironment } from "../judges/askByEnvironment.ts";
import type { PassFigures } from "../reports/passK/passK.ts";
import type { ItemScore, ScoredItem, TargetAnswer } from "../scorers/scorer.ts";
import { type ReadyScorer, readScorers } from "../scorers/scorers.ts";
import { figuresOf, type ScorerFigures } from "./figures.ts";
import { openMemoryTryStore } from "./memoryTryStore.ts";
import { RunItem } from "./runItem.ts";
import { runTries } from "./runTries.ts";
import type { Target } from "./target.ts";
import { functionTarget, type TargetFunction } from "./targets/functionTarget.ts";
import { httpTarget } from "./targets/httpTarget.ts";

/** A custom scorer: it returns a score, a number, or whether the answer passes. */
export interface OwnScorer {
  readonly name: string;
  score(item: ScoredItem, answer: TargetAnswer): ItemScore | number | boolean | Promise<ItemScore | number | boolean>;
}

/**
 * The input of `evaluate`. An item without an `id` is named by its position,
 * from 1; the target is a function of an item's input, a URL, or any `Target`.
 */
export interface Evaluation {
  readonly items: Iterable<z.input<typeof RunItemDraft>> | AsyncIterable<z.input<typeof RunItemDraft>>;
  readonly target: TargetFunction | Target | string;
  readonly scorers: readonly (string | z.input<typeof ScorerChoice> | OwnScorer)[];
  readonly trials?: number;
  /** The metadata key whose value is shared by items that are not independent. */
  readonly unitKey?: string;
  readonly concurrency?: number;
  readonly ratePerSecond?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The result: every try, in the order of the items, and each scorer's figures by its name. */
export interface EvaluationResult {
  readonly results: readonly EvalResult[];
  readonly scores: Readonly<Record<string, ScorerFigures>>;
  readonly passK: Readonly<Record<string, readonly PassFigures[]>>;
}

const RunItemDraft = RunItem.partial({ id: true });

/** How a target is asked; missing or undefined fields have defaults. */
const Pace = z.object({
  trials: z.int().positive().default(1),
  concurrency: z.int().positive().default(8),
  ratePerSecond: TriesPerSecond.nullable().default(null),
  timeoutMs: z.number().positive().max(TRY_MS_MAX).default(60_000),
});

/** The time within which an unavailable target may come back. */
const PATIENCE_MS = 5_000;

function paceOf(evaluation: Evaluation): z.infer<typeof Pace> {
  const pace = Pace.safeParse(evaluation);
  if (pace.success) return pace.data;
  throw new AppError("invalid_input", `The items cannot be asked about so: ${issuesText(pace.error)}`);
}

function asScore(given: ItemScore | number | boolean): ItemScore {
  if (typeof given === "number") return { value: given, passed: null, explanation: "" };
  return typeof given === "boolean" ? { value: given ? 1 : 0, passed: given, explanation: "" } : given;
}

function isOwn(scorer: Evaluation["scorers"][number]): scorer is OwnScorer {
  return typeof scorer === "object" && "score" in scorer;
}

function readyScorers(scorers: Evaluation["scorers"]): ReadyScorer[] {
  const ready = scorers.map((scorer): ReadyScorer => {
    if (isOwn(scorer)) return { name: scorer.name, needs: null, score: async (item, answer) => asScore(await scorer.score(item, answer)) };
    const { name, as, options = {} } = typeof scorer === "string" ? { name: scorer } : scorer;
    const choice = { name, options, ...(as === undefined ? {} : { as }) };
    const [read] = readScorers([choice], askByEnvironment(process.env), embedByEnvironment(process.env));
    if (read === undefined) throw new Error(`${name} was not read`);
    return read;
  });
  return requireDistinct(ready);
}

function requireDistinct(ready: ReadyScorer[]): ReadyScorer[] {
  if (ready.length === 0) throw new AppError("invalid_input", "There is no scorer to judge by.", { hint: 'Name one: scorers: ["exact"].' });
  const names = ready.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new AppError("invalid_input", `Two scorers are called ${twice}.`);
  return ready;
}

function targetOf(target: Evaluation["target"]): Target {
  if (typeof target === "string") return httpTarget(target);
  return typeof target === "function" ? functionTarget(target) : target;
}

async function* itemsOf(drafts: Evaluation["items"]): AsyncGenerator<RunItem> {
  let count = 0;
  const ids = new Set<string>();
  for await (const draft of drafts) {
    count += 1;
    const item = RunItemDraft.safeParse(draft);
    if (!item.success) throw new AppError("invalid_input", `Item ${count} cannot be run: ${issuesText(item.error)}`);
    const id = item.data.id ?? String(count);
    if (ids.has(id)) throw new AppError("invalid_input", `Item ${count} has the id ${id}, as one before it has.`);
    ids.add(id);
    yield { ...item.data, id };
  }
  if (count === 0) throw new AppError("invalid_input", "There is no item to evaluate.");
}

/** Throws `bad_answer` for a scorer that could not score a single answer: a test of its figures would be vacuous. */
function requireScored(results: readonly EvalResult[], figures: readonly ScorerFigures[]): void {
  for (const { name, unscored } of figures) {
    const answers = results.filter(({ state }) => state === "answered");
    if (unscored === 0 || unscored < answers.length) continue;
    const why = answers.flatMap(({ scores }) => scores.find((score) => score.name === name)?.explanation ?? []);
    throw new AppError("bad_answer", `The scorer ${name} could score none of ${unscored} answers. Of the first it says: ${why[0]}`);
  }
}

/**
 * Asks a target about every item and scores the answers, in this process: for one's own tests. An error or a
 * time-out of the target is a failed try with the score 0; an answer that a scorer could not score is in
 * `unscored` of its figures. Throws an `AppError`: `invalid_input` for what cannot be run or scored, `bad_answer`
 * for a scorer that could not score a single answer, `upstream_unavailable` for a target that is down.
 */
export async function evaluate(evaluation: Evaluation): Promise<EvaluationResult> {
  const store = openMemoryTryStore();
  await runTries({
    runId: newId(),
    items: itemsOf(evaluation.items),
    target: targetOf(evaluation.target),
    scorers: readyScorers(evaluation.scorers),
    store,
    unitKey: evaluation.unitKey ?? null,
    isTraced: false,
    signal: evaluation.signal ?? new AbortController().signal,
    ...paceOf(evaluation),
    patienceMs: PATIENCE_MS,
  });
  const results = store.results.toSorted((one, other) => one.position - other.position || one.trial - other.trial);
  const figures = figuresOf(results);
  requireScored(results, figures.scorers);
  return { results, scores: Object.fromEntries(figures.scorers.map((one) => [one.name, one])), passK: figures.passK };
}
