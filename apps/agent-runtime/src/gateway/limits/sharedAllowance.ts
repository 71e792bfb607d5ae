import { groupCommit, type RateCounter } from "@signalbox/db/prisma";
import { type Allowance, type Allowed, localAllowance } from "@signalbox/listener";
import type { Logger } from "pino";

type Ask = { name: string; perMinuteMax: number };

const GROUP_COMMIT = { itemsMax: 5_000, bytesMax: Number.POSITIVE_INFINITY, handoversMax: 1 };

/**
 * Allowances that all gateways count together in `counter`; simultaneous requests of one name cost a single call of the counter. While the
 * counter is away, each gateway counts alone, so that the limit holds per gateway instead of not at all. `clock` is milliseconds since
 * 1970.
 */
export function sharedAllowance(counter: RateCounter, clock: () => number, log: Logger): Allowance {
  const local = localAllowance(clock);
  let isAway = false;

  /** Answers all requests for one name, in order. */
  async function answer(asks: readonly Ask[]): Promise<Allowed[]> {
    const [first] = asks;
    if (first === undefined) return [];
    try {
      const { used, endsInMs } = await counter.add(first.name, asks.length);
      isAway = false;
      const usedBefore = used - asks.length;
      return asks.map(({ perMinuteMax }, index) =>
        usedBefore + index < perMinuteMax ? { kind: "taken" } : { kind: "refused", retryAfterMs: endsInMs },
      );
    } catch (error) {
      if (!isAway) log.warn({ err: error }, "rates cannot be counted together; this gateway counts by itself");
      isAway = true;
      return Promise.all(asks.map(({ name, perMinuteMax }) => local(name, perMinuteMax)));
    }
  }

  const ask = groupCommit(GROUP_COMMIT, async (asks: Ask[]) => {
    const byName = Map.groupBy(asks, ({ name }) => name);
    const answers = new Map<Ask, Allowed>();
    await Promise.all(
      [...byName.values()].map(async (group) => {
        for (const [index, allowed] of (await answer(group)).entries()) answers.set(group[index] as Ask, allowed);
      }),
    );
    return asks.map((one) => answers.get(one) as Allowed);
  });
  return (name, perMinuteMax) => ask({ name, perMinuteMax }, 0);
}
