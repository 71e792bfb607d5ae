/** How many tasks of a project go together before it is another project's turn. */
const QUANTUM = 16;

/** The highest turn; beyond it, a project's tasks go in order of arrival. */
export const TURNS_MAX = 2 ** 20 - 1;

type Place = { turn: number; tasks: number };

/**
 * Assigns turns to tasks by start-time fair queueing: each project's tasks get successive turns, and a project that arrives later starts at
 * the current turn, beside one that has thousands waiting. Pure: it is told how far the queue has come.
 */
export class FairShares {
  #underWay = 0;
  #highest = 0;
  readonly #places = new Map<string, Place>();

  /** Tells that `turn` is the lowest turn that still waits. */
  isAt(turn: number): void {
    this.#underWay = turn;
    this.#highest = Math.max(this.#highest, turn);
    for (const [project, place] of this.#places) if (place.turn < turn) this.#places.delete(project);
  }

  /**
   * Tells that no task waits. If none runs or waits for its next attempt either (`isIdle`), all shares start anew. Otherwise a task that
   * comes back keeps its turn, and new tasks join the last turn so as not to overtake it, unless turns run out.
   */
  nothingWaits(isIdle: boolean): void {
    const isNew = isIdle || this.#highest > TURNS_MAX / 2;
    if (isNew) {
      this.#places.clear();
      this.#highest = 0;
    }
    this.isAt(this.#highest);
  }

  /** The turn of a project's next task; undefined, for no particular project, gets the current turn. */
  turnOf(project: string | undefined): number {
    if (project === undefined) return this.#underWay;
    const before = this.#places.get(project) ?? { turn: this.#underWay, tasks: 0 };
    const place =
      before.tasks < QUANTUM ? { ...before, tasks: before.tasks + 1 } : { turn: Math.min(before.turn + 1, TURNS_MAX), tasks: 1 };
    this.#places.set(project, place);
    this.#highest = Math.max(this.#highest, place.turn);
    return place.turn;
  }
}
