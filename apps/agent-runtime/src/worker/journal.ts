import type { Claim, Ending, JournalStore, TaskRecord } from "@signalbox/db/prisma";
import { type ChainHead, type Decision, type ModelUse, type Stage, type Step, spanIdOf } from "@signalbox/model";
import type { Clock } from "../clock.ts";
import { type Choice, decide } from "../decisions/decide.ts";

/** Thrown when a newer attempt has the task: the older one stops at once and leaves no trace. */
export class TaskTakenOver extends Error {
  override readonly name = "TaskTakenOver";
}

/** A finished stage on its way into the journal, with the choices made in it. */
export type Entry = { stage: Stage; startedUs: number; modelUse: ModelUse | null; choices: readonly Choice[] };

/** One attempt's hold on a task's journal. Every write is all or nothing, and throws `TaskTakenOver` once a newer attempt has begun. */
export interface Journal {
  readonly task: TaskRecord;
  /** The version that serves this attempt. */
  readonly version: string;
  readonly steps: readonly Step[];
  /** The number of the next step. It continues behind recorded steps of requests that were edited since. */
  nextStep(): number;
  /** Adds a finished stage, its decisions and its telemetry; `commit` or `end` makes them durable. */
  append(entry: Entry): void;
  /** Makes added entries durable. A crash before it costs only work that can be repeated, so it comes before anything that cannot. */
  commit(): Promise<void>;
  /**
   * Ends the attempt; its late work is then refused as if a newer attempt had begun. `choices` are about the task as a whole; `endingOf`
   * gets the place of the last decision in the chain.
   */
  end(choices: readonly Choice[], endingOf: (head: TaskRecord["head"]) => Ending): Promise<void>;
}

type Added = { steps: Step[]; decisions: Decision[]; spans: number[] };

const nothingAdded = (): Added => ({ steps: [], decisions: [], spans: [] });

/** Opens the journal of a claimed task. */
export function openJournal(store: JournalStore, clock: Clock, claimed: Extract<Claim, { kind: "claimed" }>): Journal {
  const { task, version } = claimed;
  const steps = [...claimed.steps];
  const nextStep = (): number => (claimed.stepsBefore ?? 0) + steps.length + 1;
  const attempt = task.attempts;
  let durableHead = task.head;
  let head: ChainHead = task.head;
  let added = nothingAdded();
  let lastWrite: Promise<void> = Promise.resolve();
  let isEnding = false;
  /** Whether an ending is recorded. On a slow store, both the attempt's work and its timeout may try to end it: one of them does. */
  let ended: Promise<boolean> = Promise.resolve(false);

  function decideAt(step: number, choices: readonly Choice[]): void {
    const { id: taskId, traceId, request } = task;
    const where = { project: request.project, taskId, traceId, attempt, spanId: spanIdOf(taskId, step) };
    const decisions = decide(head, { ...where, version, nowUs: clock.nowUs() }, choices);
    added.decisions.push(...decisions);
    head = decisions.at(-1) ?? head;
  }

  async function writeAdded(ending: Ending | null): Promise<void> {
    const written = added;
    added = nothingAdded();
    let isOurs: boolean;
    try {
      isOurs = await store.recordProgress({ taskId: task.id, attempt, head: durableHead, progress: { ...written, ending } });
    } catch (error) {
      added = {
        steps: [...written.steps, ...added.steps],
        decisions: [...written.decisions, ...added.decisions],
        spans: [...written.spans, ...added.spans],
      };
      throw error;
    }
    if (!isOurs) throw new TaskTakenOver(`attempt ${attempt} of task ${task.id} was taken over`);
    durableHead = written.decisions.at(-1) ?? durableHead;
  }

  /** Serialises writes: an attempt that timed out ends while its work may still be writing. */
  function write(ending: Ending | null): Promise<void> {
    const written = lastWrite.then(() => writeAdded(ending));
    lastWrite = written.catch(() => undefined);
    return written;
  }

  /** Writes an ending with its decisions. If that fails they are withdrawn, since the attempt may still end in another way. */
  async function writeEnd(choices: readonly Choice[], endingOf: (head: TaskRecord["head"]) => Ending): Promise<void> {
    await lastWrite;
    const headBefore = head;
    decideAt(0, choices);
    const ending = endingOf(head);
    const isTold = ending.kind !== "retry";
    if (isTold) added.spans.push(0);
    try {
      await write(ending);
    } catch (error) {
      added.decisions.splice(-choices.length, choices.length);
      if (isTold) added.spans.pop();
      head = headBefore;
      throw error;
    }
  }

  function requireGoing(): void {
    if (isEnding) throw new TaskTakenOver(`attempt ${attempt} of task ${task.id} has ended`);
  }

  return {
    task,
    version,
    steps,
    nextStep,
    append: ({ stage, startedUs, modelUse, choices }) => {
      requireGoing();
      const step: Step = { step: nextStep(), attempt, startedUs, finishedUs: clock.nowUs(), stage, modelUse };
      decideAt(step.step, choices);
      added.steps.push(step);
      // The customer's words are not work of ours: they show as the input of the next span.
      if (stage.kind !== "user") added.spans.push(step.step);
      steps.push(step);
    },
    commit: async () => {
      requireGoing();
      if (added.steps.length > 0) await write(null);
    },
    end: async (choices, endingOf) => {
      isEnding = true;
      const before = ended;
      const ending = before.then((hasEnded) => {
        if (hasEnded) throw new TaskTakenOver(`attempt ${attempt} of task ${task.id} has ended`);
        return writeEnd(choices, endingOf);
      });
      ended = ending.then(
        () => true,
        () => false,
      );
      await ending;
    },
  };
}
