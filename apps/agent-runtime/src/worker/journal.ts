import { type Claim, type Ending, type PrismaClient, type Progress, recordProgress, type TaskRecord } from "@signalbox/db/prisma";
import { type ModelUse, type Stage, type Step, spanIdOf } from "@signalbox/model";
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
  readonly steps: readonly Step[];
  /** Writes a finished stage, the decisions taken in it, and what is to be told of both. */
  append(entry: Entry): Promise<void>;
  /** Ends the attempt. `choices` are about the task as a whole; `endingOf` sees the last decision's place in the chain. */
  end(choices: readonly Choice[], endingOf: (head: TaskRecord["head"]) => Ending): Promise<void>;
}

/** Opens the journal of a claimed task. */
export function openJournal(prisma: PrismaClient, clock: Clock, claimed: Extract<Claim, { kind: "claimed" }>): Journal {
  const { task } = claimed;
  const steps = [...claimed.steps];
  const attempt = task.attempts;
  let head = task.head;

  function decideAt(step: number, choices: readonly Choice[]) {
    const { id: taskId, traceId, request } = task;
    return decide(
      head,
      { project: request.project, taskId, traceId, attempt, spanId: spanIdOf(taskId, step), nowUs: clock.nowUs() },
      choices,
    );
  }

  async function write(progress: Progress): Promise<void> {
    const isOurs = await recordProgress(prisma, { taskId: task.id, attempt, head }, progress);
    if (!isOurs) throw new TaskTakenOver(`attempt ${attempt} of task ${task.id} was taken over`);
    head = progress.decisions.at(-1) ?? head;
  }

  return {
    task,
    steps,
    append: async ({ stage, startedUs, modelUse, choices }) => {
      const step: Step = { step: steps.length + 1, attempt, startedUs, finishedUs: clock.nowUs(), stage, modelUse };
      // The customer's words are no work of ours: they show as the input of the next span.
      const spans = stage.kind === "user" ? [] : [step.step];
      await write({ step, decisions: decideAt(step.step, choices), spans, ending: null });
      steps.push(step);
    },
    end: async (choices, endingOf) => {
      const decisions = decideAt(0, choices);
      const ending = endingOf(decisions.at(-1) ?? head);
      await write({ step: null, decisions, spans: ending.kind === "retry" ? [] : [0], ending });
    },
  };
}
