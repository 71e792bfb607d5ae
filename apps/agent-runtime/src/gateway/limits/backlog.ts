import type { UnfinishedCount } from "@signalbox/db/prisma";
import { AppError, type Lane } from "@signalbox/model";

/**
 * Limits on unfinished tasks: `tasksMax` in all, `projectTasksMax` per project. The batch lane gets half of `tasksMax`, so that there is
 * always room for tasks that somebody waits for.
 */
export type BacklogLimits = { tasksMax: number; projectTasksMax: number };

/** A task's place in the backlog: call `confirm` once the task is stored, `giveBack` if it will not be. */
export type Place = { confirm: () => void; giveBack: () => void };

/** The longest retry delay, in milliseconds; also the one given while no task is seen to finish. */
const RETRY_AFTER_MS_MAX = 60_000;
const RETRY_AFTER_MS_MIN = 1_000;

/** Weight of the latest measurement in the moving average of the finish rate. */
const RATE_WEIGHT = 0.5;

const NONE: UnfinishedCount = { tasks: 0, settled: 0, stillUnfinished: 0 };

/** A count of tasks that is held to a limit, with the rate at which it shrinks. */
class Level {
  #counted = NONE;
  /** Places taken since the last count, and below, those of them that are confirmed as stored. */
  #since = 0;
  #confirmed = 0;
  /** Tasks stored between the two counts: the second count includes them unless they finished. */
  #surelySeen = 0;
  #finishedPerMs = 0;
  /** Refused requests that were given a retry time at which there will be room, and that room is not free yet. */
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

  /** Begins a count. The returned function takes its result; `elapsedMs` is the time since the previous count (null: this is the first). */
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
   * A lower bound on the tasks that finished between two counts: either those settled at the first count and gone at the second, or those
   * missing from all that must be there. Each may miss some (young tasks, or while requests wait to be stored), but neither counts an
   * unfinished task as finished.
   */
  #finishedAtLeast({ tasks, stillUnfinished }: UnfinishedCount): number {
    return Math.max(0, this.#counted.settled - stillUnfinished, this.#counted.tasks + this.#surelySeen - tasks);
  }

  /** The delay in milliseconds until there is room under `max` for this request, behind those refused before it. */
  retryAfterMs(max: number): number {
    this.#promised += 1;
    if (this.#finishedPerMs <= 0) return RETRY_AFTER_MS_MAX;
    const waitMs = (this.tasks - max + this.#promised) / this.#finishedPerMs;
    return Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, waitMs));
  }
}

/**
 * Decides whether there is room for another task. Pure: it is told from time to time how many tasks are unfinished and counts those
 * admitted here since then; tasks admitted by other gateways meanwhile show up in the next count.
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

  /** Time of the last count, in milliseconds; null if there was none. */
  get countedMs(): number | null {
    return this.#countedMs;
  }

  /** Begins a count at `nowMs`: call `take` with its result by project, or `fail` if there is none. */
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

  /** Takes a place for a task. Throws `overloaded`, with a retry delay, if there is none. */
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
