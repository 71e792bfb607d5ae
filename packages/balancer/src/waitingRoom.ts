import type { CallNeeds } from "./endpointSet.ts";

/** A call that waits for room at an endpoint. */
export interface Waiting<Place> {
  call: CallNeeds;
  /** Takes a place, if there is one for it by now. */
  tryPlace: () => Place | undefined;
  taken: (place: Place) => void;
}

/** Calls that wait for room: interactive ones first, each lane in the order of arrival. */
export class WaitingRoom<Place> {
  readonly #waiting = { interactive: new Set<Waiting<Place>>(), batch: new Set<Waiting<Place>>() };
  readonly #callsMax: number;
  readonly #batchShare: number;

  constructor(callsMax: number, batchShare: number) {
    this.#callsMax = callsMax;
    this.#batchShare = batchShare;
  }

  get size(): number {
    return this.#waiting.interactive.size + this.#waiting.batch.size;
  }

  /** Admits a call to the waiting room; false when its lane is full. */
  enter(waiting: Waiting<Place>): boolean {
    const { lane } = waiting.call;
    const roomMax = lane === "batch" ? Math.floor(this.#callsMax * this.#batchShare) : this.#callsMax;
    if (this.size >= roomMax) return false;
    this.#waiting[lane].add(waiting);
    return true;
  }

  leave(waiting: Waiting<Place>): void {
    this.#waiting[waiting.call.lane].delete(waiting);
  }

  /** Gives free places to waiting calls after a change. Those that find none keep their turn. */
  serve(): void {
    this.#serveLane(this.#waiting.interactive);
    this.#serveLane(this.#waiting.batch);
  }

  #serveLane(lane: Set<Waiting<Place>>): void {
    for (const waiting of lane) {
      const place = waiting.tryPlace();
      if (place !== undefined) {
        lane.delete(waiting);
        waiting.taken(place);
        // If nothing is free for a call without needs, nothing is free for those after it.
      } else if (waiting.call.needs.length === 0) return;
    }
  }
}
