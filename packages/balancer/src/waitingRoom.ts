import type { CallNeeds } from "./endpointSet.ts";

/** A call that waits for room at an endpoint. */
export interface Waiting<Place> {
  call: CallNeeds;
  /** Gives it a place, if there is one for it by now. */
  tryPlace: () => Place | undefined;
  taken: (place: Place) => void;
}

/** Calls that wait for room: those of the interactive lane first, each lane in the order in which they came. */
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

  /** Lets a call wait; false when there is no room left for its lane. */
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

  /** Something has changed: whoever finds a place now takes it. Those that find none keep their turn. */
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
        // Where nothing will do for a call that needs nothing, nothing will for those behind it.
      } else if (waiting.call.needs.length === 0) return;
    }
  }
}
