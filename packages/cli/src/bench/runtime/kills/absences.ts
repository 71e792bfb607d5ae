import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { RuntimeStack } from "../runtimeStack.ts";
import type { Victim } from "./victims.ts";

const LOOK_EVERY_MS = 50;

/** How long a part may take to work again, in milliseconds: a copy that the supervisor gave up never does. */
const BACK_MS_MAX = 120_000;

/** From when a part was killed until it worked again: milliseconds since 1970. */
export type Absence = { victim: Victim; part: string; fromMs: number; toMs: number };

/** Keeps account of the parts that were killed. */
export type Absences = {
  /** Resolves when a part works, and has had its pause since its last kill. */
  rested: (part: string) => Promise<void>;
  /** A part was killed as process `pid`; once it works again it is to be left alone for `pauseMs`. */
  began: (victim: Victim, part: string, pid: number, pauseMs: number) => void;
  /** All absences, when they are over. */
  ended: () => Promise<Absence[]>;
};

/** Opens the account; waits reject when the signal aborts, and with `infrastructure` for a part that never works again. */
export function openAbsences(stack: Pick<RuntimeStack, "pidOf" | "works">, signal: AbortSignal): Absences {
  const absences: Promise<Absence>[] = [];
  const rests = new Map<string, Promise<void>>();

  async function untilWorking(part: string, killed?: number): Promise<void> {
    const deadline = performance.now() + BACK_MS_MAX;
    while (stack.pidOf(part) === killed || !(await stack.works(part))) {
      if (performance.now() > deadline)
        throw new AppError("infrastructure", `The ${part} does not work again after ${BACK_MS_MAX / 1_000} s.`);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  async function untilBack(victim: Victim, part: string, pid: number): Promise<Absence> {
    const fromMs = Date.now();
    await untilWorking(part, pid);
    return { victim, part, fromMs, toMs: Date.now() };
  }

  return {
    rested: async (part) => {
      await rests.get(part);
      // It may have died of something else meanwhile.
      await untilWorking(part);
    },
    began: (victim, part, pid, pauseMs) => {
      const absence = untilBack(victim, part, pid);
      const rest = absence.then(() => sleep(pauseMs, undefined, { signal }));
      // Failures are met where these are awaited, if the run comes that far.
      for (const late of [absence, rest]) late.catch(() => undefined);
      absences.push(absence);
      rests.set(part, rest);
    },
    ended: () => Promise.all(absences),
  };
}
