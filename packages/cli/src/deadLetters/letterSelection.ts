import { AppError, LetterSelection } from "@signalbox/model";
import type { Command } from "commander";
import { parseArguments } from "../projects/parseArguments.ts";
import { type LetterFilterFlags, letterFilter, withLetterFilter } from "./letterFilter.ts";

/** The flags that select the dead letters of an act. */
export interface SelectionFlags extends LetterFilterFlags {
  allOpen?: boolean;
}

/** Adds the flags that select the dead letters of an act. */
export function withSelectionOptions(command: Command): Command {
  return withLetterFilter(command).option("--all-open", "all that nobody has dealt with");
}

/** The selection by ids or flags. Throws `invalid_input` when neither is given, or both. */
export function letterSelection(ids: readonly string[], flags: SelectionFlags, nowMs: number): LetterSelection {
  const { fingerprint, ...rest } = letterFilter(flags, nowMs);
  const isFiltered = Object.keys(rest).length > 0 || flags.allOpen === true;
  const ways = [ids.length > 0, isFiltered || fingerprint !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new AppError(
      "invalid_input",
      ways === 0 ? "Say which dead letters are meant." : "Ids and flags both say which dead letters are meant.",
      {
        hint: "Give ids, or --group, or a filter such as --text, or --all-open; ./signalbox dlq list shows what there is.",
      },
    );
  if (ids.length > 0) return parseArguments(LetterSelection, { kind: "letters", ids });
  if (!isFiltered) return parseArguments(LetterSelection, { kind: "group", fingerprint });
  const filter = { state: "open", ...(fingerprint === undefined ? {} : { fingerprint }), ...rest };
  return parseArguments(LetterSelection, { kind: "filter", filter });
}
