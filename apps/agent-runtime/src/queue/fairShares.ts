/** So many tasks of a project go together before it is another one's turn. */
const QUANTUM = 16;

/** Turns are counted up to this; a project that has more waiting goes on in the order in which its tasks came. */
export const TURNS_MAX = 2 ** 20 - 1;

type Place = { turn: number; tasks: number };

/**
 * Whose task goes first, by start-time fair queueing: each project's tasks are given turns one after the other, and a project that
 * comes later begins at the turn that is under way, beside whoever has thousands waiting. Pure: what the queue is at is told to it.
 */
export class FairShares {
  #underWay = 0;
  #highest = 0;
  readonly #places = new Map<string, Place>();

  /** The lowest turn that still waits is this one. */
  isAt(turn: number): void {
    this.#underWay = turn;
    this.#highest = Math.max(this.#highest, turn);
    for (const [project, place] of this.#places) if (place.turn < turn) this.#places.delete(project);
  }

  /**
   * Nothing waits. Where nothing is in a hand or between two attempts either (`isIdle`), everybody begins anew. What is comes back
   * with the turn that it had, and whoever comes now goes with the last of it, so as not to overtake it; unless turns run out.
   */
  nothingWaits(isIdle: boolean): void {
    const isNew = isIdle || this.#highest > TURNS_MAX / 2;
    if (isNew) {
      this.#places.clear();
      this.#highest = 0;
    }
    this.isAt(this.#highest);
  }

  /** The turn of a project's next task; of no project in particular, the one under way. */
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
