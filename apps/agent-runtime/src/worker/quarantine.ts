import { setTimeout as delay } from "node:timers/promises";
import type { Claim, Deaths, HeldAttempt, JournalStore } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import { openSoloGate, type SoloGate } from "./soloGate.ts";

/** So many deaths make a dead letter of a task: of processes in which it was alone, and at all. */
const DEATHS_MAX = { alone: 2, all: 3 };

/** Whoever lives says so every second; the last verdict on a task waits for that. In milliseconds. */
const VERDICT_DELAY_MS = 3_000;

type Claimed = Extract<Claim, { kind: "claimed" }>;

function isCondemned({ alone, all }: Pick<Deaths, "alone" | "all">): boolean {
  return alone >= DEATHS_MAX.alone || all >= DEATHS_MAX.all;
}

/**
 * Keeps tasks that kill processes from doing it for ever, and from taking others with them. A task whose
 * process died is started alone from then on, and only what was alone is blamed. What died is found by
 * who does not say otherwise: a process that lives vouches for the attempts that others take for lost.
 */
export type Quarantine = {
  /** Lets work in, a suspect alone. */
  gate: SoloGate;
  /**
   * Milliseconds until `judge` may give its verdict of a task with such deaths without waiting,
   * at a time of microseconds since 1970; 0 for one that it lets pass. Who holds up others comes again then.
   */
  judgesInMs: (deaths: Deaths, nowUs: number) => number;
  /** Throws `kills_worker` for a task of which too many processes died; where the latest died just now, after a while. */
  judge: (claim: Claimed, nowUs: number) => Promise<void>;
  /** Does the work of an attempt, and vouches for it. Work that throws has written no ending. */
  hold: <Result>(claim: Claimed, work: () => Promise<Result>) => Promise<Result>;
  /** Says that nobody died of the attempts in hand, if others took one for lost. */
  vouch: () => Promise<void>;
  /** From now on this process may be gone before its work is done, and nobody is to blame. */
  leave: () => void;
};

/** Opens the quarantine of a process. */
export function openQuarantine(journals: JournalStore, verdictDelayMs: number = VERDICT_DELAY_MS): Quarantine {
  const held = new Set<HeldAttempt>();
  let isLeaving = false;
  const judgesInMs: Quarantine["judgesInMs"] = (deaths, nowUs) =>
    isCondemned(deaths) && deaths.latestAt !== null
      ? Math.min(verdictDelayMs, Math.max(0, deaths.latestAt.getTime() + verdictDelayMs - nowUs / 1_000))
      : 0;
  return {
    gate: openSoloGate(),
    judgesInMs,
    judge: async ({ task, deaths }, nowUs) => {
      if (!isCondemned(deaths)) return;
      await delay(judgesInMs(deaths, nowUs));
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
