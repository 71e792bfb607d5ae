import type { UnfinishedCount } from "@signalbox/db/prisma";
import { AppError, type Lane } from "@signalbox/model";

/**
 * How many tasks may be unfinished: `tasksMax` in all, `projectTasksMax` of one project. The
 * batch lane has half of the former, so that there is always room for what somebody waits for.
 */
export type BacklogLimits = { tasksMax: number; projectTasksMax: number };

/** A place that a task has taken: `confirm` when it is stored, `giveBack` when it is not to be. */
export type Place = { confirm: () => void; giveBack: () => void };

/** While nothing is seen to finish, and for whom it would take longer, this is when to come back; milliseconds. */
const RETRY_AFTER_MS_MAX = 60_000;
const RETRY_AFTER_MS_MIN = 1_000;

/** How much a rate moves towards the one just measured. */
const RATE_WEIGHT = 0.5;

const NONE: UnfinishedCount = { tasks: 0, settled: 0, stillUnfinished: 0 };

/** One count that is held to a limit, and how fast it empties. */
class Level {
  #counted = NONE;
  /** Places taken that the count does not hold, and those of them that are stored. */
  #since = 0;
  #confirmed = 0;
  /** Stored between the two counts, and surely seen by the second one unless they finished. */
  #surelySeen = 0;
  #finishedPerMs = 0;
  /** Refusals whose time to come back was chosen so that there is room, and is not over. */
  #promised = 0;

  get tasks(): number {
    return this.#counted.tasks + this.#since;
  }

  take(): void {
    this.#since += 1;
  }

  giveBack(): void {
    this.#since -= 1;
  }

  confirm(isSurelySeen: boolean): void {
    this.#confirmed += 1;
    if (isSurelySeen) this.#surelySeen += 1;
  }

  /** Begins a count; what it returns takes in the answer, `elapsedMs` after the count before (null: this is the first). */
  counting(): (count: UnfinishedCount, elapsedMs: number | null) => void {
    const confirmed = this.#confirmed;
    return (count, elapsedMs) => {
      if (elapsedMs !== null && elapsedMs > 0) {
        const finished = this.#finishedAtLeast(count);
        this.#finishedPerMs += RATE_WEIGHT * (finished / elapsedMs - this.#finishedPerMs);
        this.#promised = Math.max(0, this.#promised - finished);
      }
      this.#counted = count;
      this.#since -= confirmed;
      this.#confirmed -= confirmed;
      this.#surelySeen = 0;
    };
  }

  /**
   * How many tasks finished between two counts, as far as can be told: those that were settled at the
   * first and are gone at the second, or those missing of all that must be there. Each may miss some
   * (young ones, or while requests wait to be stored) and never takes one for finished that is not.
   */
  #finishedAtLeast({ tasks, stillUnfinished }: UnfinishedCount): number {
    return Math.max(0, this.#counted.settled - stillUnfinished, this.#counted.tasks + this.#surelySeen - tasks);
  }

  /** When there will be room under `max` for one who comes back, behind those that were told before. */
  retryAfterMs(max: number): number {
    this.#promised += 1;
    if (this.#finishedPerMs <= 0) return RETRY_AFTER_MS_MAX;
    const waitMs = (this.tasks - max + this.#promised) / this.#finishedPerMs;
    return Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, waitMs));
  }
}

/**
 * Whether there is room for another task. Pure: what is unfinished is told to it from time to time, what was
 * admitted here since it counts itself; what other gateways admitted meanwhile it learns with the next count.
 */
export class Backlog {
  readonly #limits: BacklogLimits;
  readonly #all = new Level();
  readonly #projects = new Map<string, Level>();
  #countedMs: number | null = null;
  #counts = 0;
  #isCounting = false;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  /** When tasks were counted last, milliseconds; null when they never were. */
  get countedMs(): number | null {
    return this.#countedMs;
  }

  /** Begins a count at `nowMs`: `take` takes in its answer by project, `fail` that there is none. */
  counting(nowMs: number): { take: (counts: ReadonlyMap<string, UnfinishedCount>) => void; fail: () => void } {
    this.#isCounting = true;
    const all = this.#all.counting();
    const projects = new Map([...this.#projects].map(([project, level]) => [project, level.counting()]));
    const end = (): void => {
      this.#isCounting = false;
      this.#counts += 1;
    };
    return {
      fail: end,
      take: (counts) => {
        end();
        const elapsedMs = this.#countedMs === null ? null : nowMs - this.#countedMs;
        this.#countedMs = nowMs;
        all([...counts.values()].reduce(sumOf, NONE), elapsedMs);
        for (const project of new Set([...counts.keys(), ...projects.keys()])) {
          const level = this.#levelOf(project);
          const take = projects.get(project) ?? level.counting();
          take(counts.get(project) ?? NONE, elapsedMs);
          if (level.tasks === 0) this.#projects.delete(project);
        }
      },
    };
  }

  /** Takes a place for a task. Throws `overloaded` with when to come back where there is none. */
  take(project: string, lane: Lane): Place {
    const { tasksMax, projectTasksMax } = this.#limits;
    const level = this.#levelOf(project);
    if (level.tasks >= projectTasksMax)
      throw new AppError("overloaded", `Project ${project} has ${level.tasks} unfinished tasks, and may have ${projectTasksMax}.`, {
        retryAfterMs: level.retryAfterMs(projectTasksMax),
      });
    const laneMax = lane === "batch" ? Math.ceil(tasksMax / 2) : tasksMax;
    if (this.#all.tasks >= laneMax)
      throw new AppError("overloaded", `${this.#all.tasks} tasks are unfinished; the ${lane} lane takes none beyond ${laneMax}.`, {
        retryAfterMs: this.#all.retryAfterMs(laneMax),
      });

    const levels = [level, this.#all];
    for (const one of levels) one.take();
    const takenAt = this.#counts;
    return {
      confirm: () => {
        const isSurelySeen = takenAt === this.#counts && !this.#isCounting;
        for (const one of levels) one.confirm(isSurelySeen);
      },
      giveBack: () => {
        for (const one of levels) one.giveBack();
      },
    };
  }

  #levelOf(project: string): Level {
    const level = this.#projects.get(project) ?? new Level();
    this.#projects.set(project, level);
    return level;
  }
}

function sumOf(one: UnfinishedCount, other: UnfinishedCount): UnfinishedCount {
  return {
    tasks: one.tasks + other.tasks,
    settled: one.settled + other.settled,
    stillUnfinished: one.stillUnfinished + other.stillUnfinished,
  };
}
