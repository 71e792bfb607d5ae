import type { RejectedKind } from "@signalbox/db/clickhouse";
import type { RejectedRecords } from "@signalbox/db/prisma";

/** What is quoted in a reason may be somebody's: a letter tells the reason without it. */
const QUOTED = /"[^"]*"|'[^']*'|`[^`]*`/g;
const MESSAGE_CHARS_MAX = 1_000;

/** How the collector words that a table did not take a row (its write/writer.ts). */
const REFUSED_BY_TABLE = /^the table \S+ refuses it/;

const iso = (us: number): string => new Date(Math.floor(us / 1_000)).toISOString();

/** What rejected records of one kind and minute come to as a letter; they stay where they are. Pure. */
export function letterOf({ project, source, minuteMs, reasonKind, reason, records, firstUs, lastUs }: RejectedKind): RejectedRecords {
  const message = reasonKind === null ? "many other reasons" : reason.replaceAll(QUOTED, "…").slice(0, MESSAGE_CHARS_MAX);
  return {
    project,
    cause: REFUSED_BY_TABLE.test(reason) ? "refused_by_store" : "rejected",
    message,
    payload: {
      ...{ held: "records", name: `${records} ${records === 1 ? "record" : "records"} of ${source}`, source, reasonKind, records },
      ...{ minute: new Date(minuteMs).toISOString(), afterUs: 0, upToUs: lastUs },
    },
    firstFailedAt: iso(firstUs),
    lastFailedAt: iso(lastUs),
  };
}
