import { AppError, LetterSelection } from "@signalbox/model";
import { parseArguments } from "../projects/parseArguments.ts";
import type { SelectionFlags } from "./selectionOptions.ts";

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as a person writes it. `nowMs` is milliseconds since 1970. */
function timeOf(text: string | undefined, flag: string, nowMs: number): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = unit === undefined ? Date.parse(text) : nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new AppError("invalid_input", `Wrong ${flag}: "${text}" is no time.`, {
    hint: "Write 2026-11-26T12:00:00Z, or 24h for a day back.",
  });
}

/** The selection that ids or flags name. Throws `invalid_input` when they name none, or both. */
export function letterSelection(ids: readonly string[], flags: SelectionFlags, nowMs: number): LetterSelection {
  const { group, cause, errorClass, agentVersion: version, text, allOpen } = flags;
  const times = { failedSince: timeOf(flags.since, "--since", nowMs), failedBefore: timeOf(flags.before, "--before", nowMs) };
  const given = Object.entries({ cause, errorClass, version, text, ...times }).filter(([, value]) => value !== undefined);
  const isFiltered = given.length > 0 || allOpen === true;
  const ways = [ids.length > 0, isFiltered || group !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new AppError(
      "invalid_input",
      ways === 0 ? "Say which dead letters are meant." : "Ids and flags both say which dead letters are meant.",
      {
        hint: "Give ids, or --group, or a filter such as --text, or --all-open; ./signalbox dlq list shows what there is.",
      },
    );
  if (ids.length > 0) return parseArguments(LetterSelection, { kind: "letters", ids });
  if (!isFiltered) return parseArguments(LetterSelection, { kind: "group", fingerprint: group });
  const filter = { state: "open", ...(group === undefined ? {} : { fingerprint: group }), ...Object.fromEntries(given) };
  return parseArguments(LetterSelection, { kind: "filter", filter });
}
