import type { Random } from "@signalbox/model";
import type { PatchedRequest } from "./templates/requestTemplates.ts";

/** A request and the way it is sent: for the first time, once more after its acknowledgement, or with updated spans. */
export interface DueRequest {
  request: PatchedRequest;
  as: "new" | "repeat" | "update";
}

/** The approximate number of requests that overtake a held one. */
export const HELD_MAX = 16;

/** The disorder of networks and clients: some requests come late, some twice, and some are followed by an update of their spans. */
export class Disorder {
  readonly #share: number;
  readonly #updateShare: number;
  readonly #random: Random;
  readonly #held: DueRequest[] = [];

  /** `share` of the requests come late, and as many twice; of the others `updateShare` are updated. */
  constructor(share: number, random: Random, updateShare = 0) {
    this.#share = share;
    this.#random = random;
    this.#updateShare = updateShare;
  }

  /** Holds a new request back, at random; returns whether it did. */
  isLate(request: PatchedRequest): boolean {
    return this.#holds({ request, as: "new" }, this.#share);
  }

  /** Keeps an acknowledged request to be sent again, unchanged or updated, at random; returns whether it did. */
  comesAgain(request: PatchedRequest): boolean {
    return this.#holds({ request, as: "repeat" }, this.#share) || this.#holds({ request, as: "update" }, this.#updateShare);
  }

  #holds(held: DueRequest, share: number): boolean {
    if (this.#random() >= share) return false;
    this.#held.push(held);
    return true;
  }

  /** A held request that is due, in no particular order; any, when no new ones come. */
  due({ isEnding }: { isEnding: boolean }): DueRequest | undefined {
    if (this.#held.length < (isEnding ? 1 : HELD_MAX)) return undefined;
    return this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0];
  }
}
