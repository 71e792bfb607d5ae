import type { RejectedKind } from "@signalbox/db/clickhouse";
import type { RejectedRecords } from "@signalbox/db/prisma";

/** Quoted parts of a reason may be user data: a letter gives the reason without them. */
const QUOTED = /"[^"]*"|'[^']*'|`[^`]*`/g;
const MESSAGE_CHARS_MAX = 1_000;

/** The collector's wording for a row that a table refused (its write/writer.ts). */
const REFUSED_BY_TABLE = /^the table \S+ refuses it/;

const iso = (us: number): string => new Date(Math.floor(us / 1_000)).toISOString();

/**
 * The letter for rejected records of one kind and minute. `otherThan` are the kinds of that minute that a letter of many other reasons
 * leaves out.
 */
function letterOf(
  { project, source, minuteMs, reasonKind, reason, records, firstUs, lastUs }: RejectedKind,
  otherThan: string[],
): RejectedRecords {
  const message = reasonKind === null ? "many other reasons" : reason.replaceAll(QUOTED, "…").slice(0, MESSAGE_CHARS_MAX);
  return {
    project,
    cause: REFUSED_BY_TABLE.test(reason) ? "refused_by_store" : "rejected",
    message,
    payload: {
      ...{
        held: "records",
        name: `${records} ${records === 1 ? "record" : "records"} of ${source}`,
        source,
        reasonKind,
        otherThan,
        records,
      },
      ...{ minute: new Date(minuteMs).toISOString(), afterUs: 0, upToUs: lastUs },
    },
    firstFailedAt: iso(firstUs),
    lastFailedAt: iso(lastUs),
  };
}

/** Groups rejected records into letters; the records stay where they are. Pure. */
export function lettersOf(kinds: readonly RejectedKind[]): RejectedRecords[] {
  const byPlace = Map.groupBy(kinds, ({ project, source, minuteMs }) => JSON.stringify([project, source, minuteMs]));
  return [...byPlace.values()].flatMap((ofPlace) => {
    const named = ofPlace.flatMap(({ reasonKind }) => reasonKind ?? []);
    return ofPlace.map((kind) => letterOf(kind, kind.reasonKind === null ? named : []));
  });
}
