import type { RouterOutputs } from "@signalbox/api/client";

/** A task with all its moments. */
export type Timeline = RouterOutputs["decisions"]["timeline"];
export type Moment = Timeline["moments"][number];
export type Fact = Timeline["facts"][number]["value"];
export type Said = Timeline["conversation"][number]["value"];
export type MemoryItem = Timeline["memory"][number]["value"];

/** A value that exists from the moment `since` until before the moment `until`; `isNew` at the moment that introduced it. */
type Lasting<Value> = { value: Value; since: number; until: number | null };

/** The values as of a moment, in order. `key` stays the same from moment to moment. */
export function asOf<Value>(lasting: readonly Lasting<Value>[], index: number): { key: number; value: Value; isNew: boolean }[] {
  return lasting.flatMap(({ value, since, until }, key) =>
    since <= index && (until === null || index < until) ? [{ key, value, isNew: since === index && index > 0 }] : [],
  );
}

/** How many values ended at the moment: those of a request that was edited. */
export function endedWith<Value>(lasting: readonly Lasting<Value>[], index: number): number {
  return lasting.filter(({ until }) => until === index).length;
}

/** The facts as of a moment by name, with the previous value of those that the moment changed. */
export function factsAsOf(facts: Timeline["facts"], index: number): Map<Fact["name"], { value: Fact["value"]; was?: Fact["value"] }> {
  const now = new Map<Fact["name"], { value: Fact["value"]; was?: Fact["value"] }>();
  for (const { value } of asOf(facts, index)) now.set(value.name, { value: value.value });
  for (const { value, until } of facts)
    if (until === index) now.set(value.name, { value: now.get(value.name)?.value ?? null, was: value.value });
  return now;
}

/** The index of the moment in the URL, named by its own key or by a decision in it; the last one if none is named. */
export function indexOfMoment(moments: readonly Moment[], step: string | null): number {
  const last = moments.length - 1;
  if (step === null) return last;
  const at = moments.findIndex(({ key, decisions }) => key === step || decisions.some(({ seq }) => `d${seq}` === step));
  return at < 0 ? last : at;
}

/** The last step from which a task can be replayed: the last one that it finished, or the one at which it died. */
export function lastStepOf(status: Timeline["task"]["status"], moments: readonly Pick<Moment, "step">[]): number {
  const finished = moments.findLast(({ step }) => step !== null)?.step?.number ?? 0;
  return Math.max(1, finished + (status === "dead" ? 1 : 0));
}

/** The first step of a replay from a moment on: the next one to be finished. */
export function stepAfter(moments: readonly Moment[], index: number): number {
  const done = moments.slice(0, index + 1).findLast(({ step }) => step !== null)?.step?.number ?? 0;
  return moments[index]?.step?.number ?? done + 1;
}
