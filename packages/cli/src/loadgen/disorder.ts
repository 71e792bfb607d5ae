import type { Random } from "./spans/seededRandom.ts";
import type { PatchedRequest } from "./templates/requestTemplates.ts";

/** A request and as what it is sent: for the first time, once more after its acknowledgement, or with its spans as they are later. */
export interface DueRequest {
  request: PatchedRequest;
  as: "new" | "repeat" | "update";
}

/** A held request is overtaken by about so many others. */
export const HELD_MAX = 16;

/** What networks and clients do to requests: some come late, some a second time, and some are followed by an update of their spans. */
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

  /** Keeps a new request for later, or does not. */
  isLate(request: PatchedRequest): boolean {
    return this.#holds({ request, as: "new" }, this.#share);
  }

  /** Keeps a request that was acknowledged, to be sent again as it is or updated, or does not. */
  comesAgain(request: PatchedRequest): boolean {
    return this.#holds({ request, as: "repeat" }, this.#share) || this.#holds({ request, as: "update" }, this.#updateShare);
  }

  #holds(held: DueRequest, share: number): boolean {
    if (this.#random() >= share) return false;
    this.#held.push(held);
    return true;
  }

  /** A held request whose time has come, in no order; any, when no new ones come. */
  due({ isEnding }: { isEnding: boolean }): DueRequest | undefined {
    if (this.#held.length < (isEnding ? 1 : HELD_MAX)) return undefined;
    return this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0];
  }
}
