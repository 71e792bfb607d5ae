import { setTimeout as delay } from "node:timers/promises";
import type { Claim, Deaths, HeldAttempt, JournalStore } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import { openSoloGate, type SoloGate } from "./soloGate.ts";

/** Deaths that make a dead letter of a task: of processes in which it ran alone, and of any processes. */
const DEATHS_MAX = { alone: 2, all: 3 };

/** How long the last verdict on a task waits, in milliseconds: a live process vouches for its attempts at least every second. */
const VERDICT_DELAY_MS = 3_000;

type Claimed = Extract<Claim, { kind: "claimed" }>;

function isCondemned({ alone, all }: Pick<Deaths, "alone" | "all">): boolean {
  return alone >= DEATHS_MAX.alone || all >= DEATHS_MAX.all;
}

/**
 * Keeps tasks that kill processes from doing so for ever, and from taking others with them. A task whose process died is a suspect: it is
 * started alone from then on, and only a task that ran alone is blamed. A process is taken for dead unless it says otherwise: a live one
 * vouches for attempts that others take for lost.
 */
export type Quarantine = {
  /** Lets work in; a suspect alone. */
  gate: SoloGate;
  /**
   * The time in milliseconds until `judge` can judge a task with such deaths without waiting; 0 for a task that it lets pass. A task that
   * would hold others up comes again then.
   */
  judgesInMs: (deaths: Deaths) => number;
  /** Throws `kills_worker` for a task that too many processes died of; if the latest death is recent, it waits first. */
  judge: (claim: Claimed) => Promise<void>;
  /** Does the work of an attempt and vouches for it. Work that throws has written no ending. */
  hold: <Result>(claim: Claimed, work: () => Promise<Result>) => Promise<Result>;
  /** Clears the running attempts of this process, if others took one for lost. */
  vouch: () => Promise<void>;
  /** Announces that this process may exit before its work is done, without blame for any task. */
  leave: () => void;
};

/** Opens the quarantine of a process. `verdictDelayMs` is in milliseconds. */
export function openQuarantine(journals: JournalStore, verdictDelayMs: number = VERDICT_DELAY_MS): Quarantine {
  const held = new Set<HeldAttempt>();
  let isLeaving = false;
  const judgesInMs: Quarantine["judgesInMs"] = (deaths) =>
    isCondemned(deaths) && deaths.latestMsAgo !== null ? Math.max(0, verdictDelayMs - deaths.latestMsAgo) : 0;
  return {
    gate: openSoloGate(),
    judgesInMs,
    judge: async ({ task, deaths }) => {
      if (!isCondemned(deaths)) return;
      await delay(judgesInMs(deaths));
      const { alone, all } = await journals.countDeaths(task.id, task.run);
      if (!isCondemned({ alone, all })) return;
      const message = `${all} worker processes died while they ran this task, ${alone} of them with nothing else in hand.`;
      throw new AppError("kills_worker", message, { hint: "Redrive it once what kills the process is mended." });
    },
    hold: async ({ task }, work) => {
      const attempt: HeldAttempt = { taskId: task.id, attempt: task.attempts, isOver: false };
      held.add(attempt);
      try {
        const result = await work();
        held.delete(attempt);
        return result;
      } catch (error) {
        attempt.isOver = true;
        throw error;
      }
    },
    vouch: async () => {
      const vouched = [...held].map((attempt) => ({ attempt, isOver: attempt.isOver }));
      if (vouched.length === 0) return;
      await journals.releaseAttempts(vouched.map(({ attempt, isOver }) => ({ ...attempt, isOver: isOver || isLeaving })));
      for (const { attempt, isOver } of vouched) if (isOver) held.delete(attempt);
    },
    leave: () => {
      isLeaving = true;
    },
  };
}
