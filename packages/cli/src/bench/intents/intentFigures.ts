import { type IntentScore, scoreIntents } from "@signalbox/evals";
import type { Decision, TaskStatus } from "@signalbox/model";

/** A row that was run as a task: its true intent (null is none of the intents), and the task's outcome. */
export type PlayedRow = { expected: string | null; status: TaskStatus; decisions: readonly Decision[] };

/**
 * The agent's results on labelled rows. `notUnderstood` counts tasks without a decision on their intent; `planned` counts the rows' intents
 * for which some task was answered with a plan, `withoutPlan` names those that were answered without one, `neverReached` the others.
 */
export interface IntentFigures extends IntentScore {
  tasks: { done: number; dead: number; notUnderstood: number };
  intents: { inRows: number; planned: number; withoutPlan: string[]; neverReached: string[] };
}

type Understood = { expected: string | null; intent: string; confidence: number; abstained: boolean; isPlanned: boolean };

/** A plan's first move is recorded as a tool call or a reply; a task that no plan fits has none. */
function understoodIn({ expected, decisions }: PlayedRow): Understood[] {
  const understood = decisions.find(({ kind }) => kind === "understood");
  if (understood === undefined) return [];
  const { chosen: intent, confidence, detail } = understood;
  const isPlanned = decisions.some(({ kind, chosen }) => kind === "planned" && chosen !== "stop");
  return [{ expected, intent, confidence: confidence ?? 0, abstained: detail.abstained === true, isPlanned }];
}

/** Computes the figures from the tasks' logs. Pure. */
export function intentFigures(rows: readonly PlayedRow[]): IntentFigures {
  const understood = rows.flatMap(understoodIn);
  const answered = understood.filter(({ abstained }) => !abstained);
  const planned = new Set(answered.flatMap(({ intent, isPlanned }) => (isPlanned ? [intent] : [])));
  const withoutPlan = new Set(answered.flatMap(({ intent, isPlanned }) => (isPlanned || planned.has(intent) ? [] : [intent])));
  const wanted = [...new Set(rows.flatMap(({ expected }) => expected ?? []))].sort();
  return {
    ...scoreIntents(understood),
    tasks: {
      done: rows.filter(({ status }) => status === "done").length,
      dead: rows.filter(({ status }) => status === "dead").length,
      notUnderstood: rows.length - understood.length,
    },
    intents: {
      inRows: wanted.length,
      planned: wanted.filter((intent) => planned.has(intent)).length,
      withoutPlan: [...withoutPlan].sort(),
      neverReached: wanted.filter((intent) => !planned.has(intent) && !withoutPlan.has(intent)),
    },
  };
}

/**
 * Whether the agent worked: it named an intent for every task, answered some and, where its
 * domain has `plans` for the rows' intents, had one for each intent that it answered. Pure.
 */
export function agentWorked({ tasks, answeredShare, intents }: IntentFigures, { plans }: { plans: boolean }): boolean {
  return tasks.notUnderstood === 0 && (answeredShare ?? 0) > 0 && (!plans || intents.withoutPlan.length === 0);
}
