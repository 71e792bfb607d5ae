import type { Random } from "./spans/seededRandom.ts";
import type { PatchedRequest } from "./templates/requestTemplates.ts";

/** A request that waits to be sent later than its turn, or once more. */
export interface HeldRequest {
  request: PatchedRequest;
  wasAcknowledged: boolean;
}

/** A held request is overtaken by about so many others. */
export const HELD_MAX = 16;

/** What networks and impatient clients do to the order of requests: some come late, some a second time. */
export class Disorder {
  readonly #share: number;
  readonly #random: Random;
  readonly #held: HeldRequest[] = [];

  /** `share` of the requests come late, and as many twice. */
  constructor(share: number, random: Random) {
    this.#share = share;
    this.#random = random;
  }

  /** Keeps the request for later, or does not. */
  holds(held: HeldRequest): boolean {
    if (this.#random() >= this.#share) return false;
    this.#held.push(held);
    return true;
  }

  /** A held request whose time has come, in no order; any, when no new ones come. */
  due({ isEnding }: { isEnding: boolean }): HeldRequest | undefined {
    if (this.#held.length < (isEnding ? 1 : HELD_MAX)) return undefined;
    return this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0];
  }
}
