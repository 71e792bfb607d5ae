import { canonicalJson } from "../canonicalJson.ts";
import { momentsOf, type TaskHistory, type TaskMoment } from "./taskMoment.ts";
import { foldMoment, type MemoryItem, NO_STATE, type Said, type TaskFacts } from "./taskState.ts";

/** A value that a task has from the moment `since` until before the moment `until`; null while it lasts. */
export type Lasting<Value> = { value: Value; since: number; until: number | null };

/** One of the facts about a task. */
export type TaskFact = { [Name in keyof TaskFacts]: { name: Name; value: TaskFacts[Name] } }[keyof TaskFacts];

/**
 * All states of a task at once, storing every value once: `stateAt` of a moment equals the values that last
 * then, in this order. The size is linear in the task's length; the separate states would be quadratic.
 */
export type TaskTimeline = {
  moments: readonly TaskMoment[];
  facts: Lasting<TaskFact>[];
  conversation: Lasting<Said>[];
  memory: Lasting<MemoryItem>[];
};

/** Tracks a list that grows at its end or restarts. */
function followList<Value>(): { lasting: Lasting<Value>[]; see: (values: readonly Value[], index: number) => void } {
  const lasting: Lasting<Value>[] = [];
  let open: Lasting<Value>[] = [];
  let seen: readonly Value[] = [];
  const see = (values: readonly Value[], index: number): void => {
    if (values === seen) return;
    const isGrown = seen.every((value, at) => values[at] === value);
    if (!isGrown) {
      for (const one of open) one.until = index;
      open = [];
    }
    const added = values.slice(open.length).map((value): Lasting<Value> => ({ value, since: index, until: null }));
    lasting.push(...added);
    open.push(...added);
    seen = values;
  };
  return { lasting, see };
}

/** Tracks facts, each of which has one value at a time. */
function followFacts(): { lasting: Lasting<TaskFact>[]; see: (facts: TaskFacts, index: number) => void } {
  const lasting: Lasting<TaskFact>[] = [];
  const open = new Map<string, Lasting<TaskFact>>();
  const see = (facts: TaskFacts, index: number): void => {
    for (const [name, value] of Object.entries(facts)) {
      const before = open.get(name);
      if (before !== undefined && canonicalJson(before.value.value) === canonicalJson(value)) continue;
      if (before !== undefined) before.until = index;
      const now: Lasting<TaskFact> = { value: { name, value } as TaskFact, since: index, until: null };
      open.set(name, now);
      lasting.push(now);
    }
  };
  return { lasting, see };
}

/** Builds the timeline of a task from its moments. */
export function timelineOf(history: TaskHistory): TaskTimeline {
  const moments = momentsOf(history);
  const [facts, conversation, memory] = [followFacts(), followList<Said>(), followList<MemoryItem>()];
  let state = NO_STATE;
  for (const [index, moment] of moments.entries()) {
    state = foldMoment(state, moment, history);
    facts.see(state.facts, index);
    conversation.see(state.conversation, index);
    memory.see(state.memory, index);
  }
  return { moments, facts: facts.lasting, conversation: conversation.lasting, memory: memory.lasting };
}
