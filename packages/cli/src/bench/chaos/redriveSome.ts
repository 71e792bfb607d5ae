import { setTimeout as sleep } from "node:timers/promises";
import { createRedrive, type ListedDeadLetter, listLetters, type PrismaClient, readDeadLetter } from "@signalbox/db/prisma";
import { AppError, DEFAULT_PROJECT, FAILS_FOR_GOOD, TaskRequest } from "@signalbox/model";
import { withRetries } from "../../import/withRetries.ts";
import { FAILING } from "../runtime/taskSource.ts";

/** The number of letters that are redriven with an edited request. */
const EDITED_MAX = 5;

const LETTERS_MAX = 200;
const RATE_PER_SECOND = 200;
const LOOK_EVERY_MS = 100;
const AWAY_MS_MAX = 120_000;

type Order = Pick<Parameters<typeof createRedrive>[1], "name" | "selection" | "payload">;
type Means = { prisma: PrismaClient; signal: AbortSignal };

/**
 * Redrives the existing dead letters while parts are killed: a few that changed nothing with the fault
 * marker removed from their request, so that they end well, the rest unchanged. `names` are the kinds
 * of failing tasks under way: a letter of each is waited for. Returns the number of edited ones.
 */
export async function redriveSome({ prisma, signal }: Means, names: ReadonlySet<string>): Promise<number> {
  if (names.size === 0) return 0;
  const means = { prisma, signal };
  const letters = await lettersOf(means, names);
  const unchanged = letters.filter(({ name }) => name === FAILING.unchanged.name).slice(0, EDITED_MAX);
  for (const { id } of unchanged) {
    const detail = await asked(signal, () => readDeadLetter(prisma, DEFAULT_PROJECT, id));
    const request = TaskRequest.parse(detail?.letter.payload);
    const payload = { ...request, message: request.message.replace(FAILS_FOR_GOOD, "") };
    await redrive(means, { name: `edited ${id}`, selection: { kind: "letters", ids: [id] }, payload });
  }
  await redrive(means, { name: "as they are", selection: { kind: "filter", filter: { kind: "task" } }, payload: null });
  return unchanged.length;
}

/** The latest letters, once there is one of each name. */
async function lettersOf({ prisma, signal }: Means, names: ReadonlySet<string>): Promise<ListedDeadLetter[]> {
  for (;;) {
    const page = { project: DEFAULT_PROJECT, filter: { kind: "task" as const }, cursor: null, limit: LETTERS_MAX };
    const { letters } = await asked(signal, () => listLetters(prisma, page));
    const found = new Set(letters.map(({ name }) => name));
    if ([...names].every((name) => found.has(name))) return letters;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Creates a redrive. If an unanswered attempt is repeated and another redrive already holds the letters, that is the first attempt's. */
async function redrive({ prisma, signal }: Means, order: Order): Promise<void> {
  const whole = {
    ...{ ...order, project: DEFAULT_PROJECT, actor: "signalbox-bench", reason: "a run of chaos redrives what died" },
    ...{ version: { kind: "any" as const }, ratePerSecond: RATE_PER_SECOND, tryFirst: null },
  };
  await asked(signal, () =>
    createRedrive(prisma, whole, { now: new Date(), confirm: () => {} }).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === "conflict")) throw error;
    }),
  );
}

/** Queries the state store, repeatedly where that fails: it is one of the victims. */
function asked<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  return withRetries("state store", { patienceMs: AWAY_MS_MAX, signal }, ask);
}
