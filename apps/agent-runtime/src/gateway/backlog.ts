import { AppError, type Lane } from "@signalbox/model";

/**
 * How many tasks may be unfinished: `tasksMax` in all, `projectTasksMax` of one project. The batch lane has half of the former, so that there is always room
 * for what somebody waits for.
 */
export type BacklogLimits = { tasksMax: number; projectTasksMax: number };

/** Unfinished tasks by project. */
export type Unfinished = ReadonlyMap<string, number>;

/** What nobody knows how long it takes is asked again after this, and nobody is sent away for longer; milliseconds. */
const RETRY_AFTER_MS_MAX = 60_000;
const RETRY_AFTER_MS_MIN = 1_000;

/** How much a rate moves towards the one just measured. */
const RATE_WEIGHT = 0.5;

/** One count that is held to a limit, and how fast it empties. */
class Level {
  /** Unfinished when they were counted last, and admitted here since. */
  #counted = 0;
  #since = 0;
  #finishedPerMs = 0;
  /** Refusals whose time to come back was chosen so that there is room, and is not over. */
  #promised = 0;

  get tasks(): number {
    return this.#counted + this.#since;
  }

  add(tasks: 1 | -1): void {
    this.#since += tasks;
  }

  /** Takes in a count; `elapsedMs` have passed since the one before (null: this is the first), and `admitted` came in meanwhile. */
  learn(counted: number, admitted: number, elapsedMs: number | null): void {
    if (elapsedMs !== null && elapsedMs > 0) {
      const finished = Math.max(0, this.#counted + admitted - counted);
      this.#finishedPerMs += RATE_WEIGHT * (finished / elapsedMs - this.#finishedPerMs);
      this.#promised = Math.max(0, this.#promised - finished);
    }
    this.#counted = counted;
    this.#since -= admitted;
  }

  get admitted(): number {
    return this.#since;
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
 * Whether there is room for another task. Pure: what is unfinished is told to it from time to time, what was admitted here since it counts itself; what other
 * gateways admitted meanwhile it learns with the next count.
 */
export class Backlog {
  readonly #limits: BacklogLimits;
  readonly #all = new Level();
  readonly #projects = new Map<string, Level>();
  #countedMs: number | null = null;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  /** When tasks were counted last, milliseconds; null when they never were. */
  get countedMs(): number | null {
    return this.#countedMs;
  }

  /** Begins a count; what it returns takes in the answer. What is admitted between the two is not in it. */
  counting(nowMs: number): (unfinished: Unfinished) => void {
    const before = new Map([...this.#projects].map(([project, level]) => [project, level.admitted]));
    const allBefore = this.#all.admitted;
    return (unfinished) => {
      const elapsedMs = this.#countedMs === null ? null : nowMs - this.#countedMs;
      this.#countedMs = nowMs;
      this.#all.learn(
        [...unfinished.values()].reduce((sum, tasks) => sum + tasks, 0),
        allBefore,
        elapsedMs,
      );
      for (const project of new Set([...unfinished.keys(), ...this.#projects.keys()])) {
        const level = this.#levelOf(project);
        level.learn(unfinished.get(project) ?? 0, before.get(project) ?? 0, elapsedMs);
        if (level.tasks === 0) this.#projects.delete(project);
      }
    };
  }

  /** Takes a place for a task; what it returns gives it back. Throws `overloaded` with when to come back where there is none. */
  take(project: string, lane: Lane): () => void {
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
    for (const one of [level, this.#all]) one.add(1);
    return () => {
      for (const one of [level, this.#all]) one.add(-1);
    };
  }

  #levelOf(project: string): Level {
    const level = this.#projects.get(project) ?? new Level();
    this.#projects.set(project, level);
    return level;
  }
}
