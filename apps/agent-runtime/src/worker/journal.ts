import type { Claim, Ending, JournalStore, TaskRecord } from "@signalbox/db/prisma";
import { type ChainHead, type Decision, type ModelUse, type Stage, type Step, spanIdOf } from "@signalbox/model";
import type { Clock } from "../clock.ts";
import { type Choice, decide } from "../decisions/decide.ts";

/** A newer attempt has the task: whoever meets this stops at once and leaves no trace. */
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
  /** The number of the step that is appended next; it counts on over what is on record of a request that was edited since. */
  nextStep(): number;
  /** Adds a finished stage, the decisions taken in it, and what is to be told of both; `commit` or `end` makes them durable. */
  append(entry: Entry): void;
  /** Makes durable what was added. A crash before it costs work that can be done again, so it comes before whatever cannot. */
  commit(): Promise<void>;
  /**
   * Ends the attempt: what its work does late is refused as if a newer one had begun. `choices`
   * are about the task as a whole; `endingOf` sees the last decision's place in the chain.
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
  /** Whether an ending is on record: its work and its time may both be over while the store is slow, and one of the two ends it. */
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

  /** One write after another: an attempt whose time is over ends while its work may still be writing. */
  function write(ending: Ending | null): Promise<void> {
    const written = lastWrite.then(() => writeAdded(ending));
    lastWrite = written.catch(() => undefined);
    return written;
  }

  /** Writes an ending with the decisions on it. Where that fails they are taken back: the attempt may end otherwise yet. */
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
      // The customer's words are no work of ours: they show as the input of the next span.
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
