import { REDELIVERED_WITHIN_MS } from "@signalbox/model";
import type { KillFigures } from "./measureKills.ts";
import { type DeathFigures, inTimeOf, type Times } from "./redeliveries.ts";
import { VICTIMS } from "./victims.ts";

const times = ({ p50, max }: Times): string => `${p50 ?? "-"} / ${max ?? "-"}`;

const inTime = ({ inTime, deaths }: DeathFigures, since: Times): string => (deaths === 0 ? "-" : `${inTime} of ${deaths}, ${times(since)}`);

/** The rows about kills in the table for people: a name, and its value. */
export const killRows: [name: string, valueOf: (kills: KillFigures) => string][] = [
  ["kills: gateway · worker · service · queue's store", ({ kills }) => VICTIMS.map((victim) => kills[victim]).join(" · ")],
  ["  works again after p50 / at most ms", ({ backMs }) => VICTIMS.map((victim) => times(backMs[victim])).join(" · ")],
  [
    `deaths of workers with tasks in hand: one started again within ${REDELIVERED_WITHIN_MS} ms`,
    ({ redelivery }) => {
      const { inTime, late, deaths } = inTimeOf(redelivery);
      return `${inTime} of ${deaths}, ${late === 0 ? "none late" : `${late} late`}`;
    },
  ],
  ["  alone: in time, p50 / at most ms", ({ redelivery: { alone } }) => inTime(alone, alone.redeliveredMs)],
  ["    until given to another worker, ms", ({ redelivery: { alone } }) => times(alone.noticedMs)],
  [
    "  beside another killed worker: in time, p50 / at most ms",
    ({ redelivery: { besideWorker } }) => inTime(besideWorker, besideWorker.redeliveredMs),
  ],
  [
    "  beside the killed store: in time, p50 / at most ms since its return",
    ({ redelivery: { besideStore } }) => inTime(besideStore, besideStore.sinceStoreMs),
  ],
  ["    since the death, ms", ({ redelivery: { besideStore } }) => times(besideStore.redeliveredMs)],
  ["poison: deaths, alone, others given up", ({ poison }) => `${poison.deaths}, ${poison.deathsAlone}, ${poison.bystandersDeadLettered}`],
];
