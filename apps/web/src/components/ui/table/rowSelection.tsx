"use client";
import { Checkbox } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { withKeys } from "../withKeys.ts";

/** Rows that are chosen, by their keys; `nameOf` says which row a checkbox is about. */
export type Selection<Row> = {
  keys: ReadonlySet<string>;
  onChange: (keys: ReadonlySet<string>) => void;
  nameOf: (row: Row) => string;
};

/** The ways to choose rows, by their index. `column` is that of the checkboxes. */
export interface RowSelection<Row> {
  readonly column: { id: string; width: string; header: ReactNode; cell: (row: Row) => ReactNode };
  /** Chooses a row, or not; with `isRange` every row from the one that was last chosen or not, likewise. */
  toggle: (index: number, isRange?: boolean) => void;
  /** Goes on from the row `from` to the row `to`: the rows from where this began to there are chosen, and those that it leaves are not. */
  extend: (from: number, to: number) => void;
  /** Says that the current row was moved without choosing: the next `extend` begins anew. */
  moved: () => void;
  /** Chooses every row, or none where all are chosen. */
  toggleAll: () => void;
}

/** The selection of the surrounding table; null for a table without one. `onClicked` is told the key of a row whose checkbox was clicked. */
export function useRowSelection<Row>(
  selection: Selection<Row> | undefined,
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  onClicked: (key: string) => void,
): RowSelection<Row> | null {
  const lastKey = useRef<string | null>(null);
  /** Where an extending began: the row's key. */
  const beganAt = useRef<string | null>(null);
  /** Whether Shift was held at the click that a checkbox is changed by. */
  const isShifted = useRef(false);
  if (selection === undefined) return null;

  const { keys, onChange } = selection;
  const indexOf = (key: string | null): number => (key === null ? -1 : rows.findIndex((row) => rowKey(row) === key));
  const keysBetween = (one: number, other: number): string[] =>
    rows.slice(Math.max(0, Math.min(one, other)), Math.max(one, other) + 1).map(rowKey);
  const allKeys = rows.map(rowKey);
  const chosen = allKeys.filter((key) => keys.has(key)).length;

  const toggle = (index: number, isRange = false): void => {
    const row = rows[index];
    if (row === undefined) return;
    const key = rowKey(row);
    const from = isRange ? indexOf(lastKey.current) : -1;
    onChange(withKeys(keys, keysBetween(from === -1 ? index : from, index), !keys.has(key)));
    lastKey.current = key;
    beganAt.current = null;
  };

  const extend = (from: number, to: number): void => {
    const target = rows[to];
    if (target === undefined) return;
    const begin = indexOf(beganAt.current);
    const start = begin === -1 ? (from === -1 ? to : from) : begin;
    const others = from === -1 ? keys : withKeys(keys, keysBetween(start, from), false);
    onChange(withKeys(others, keysBetween(start, to), true));
    const first = rows[start];
    beganAt.current = first === undefined ? null : rowKey(first);
    lastKey.current = rowKey(target);
  };

  const toggleAll = (): void => onChange(withKeys(keys, allKeys, chosen < allKeys.length));

  const column: RowSelection<Row>["column"] = {
    id: "selection",
    width: "2.5rem",
    header: (
      <Box
        label={chosen === allKeys.length ? "Select none" : `Select all ${allKeys.length} that are loaded`}
        isChecked={chosen > 0 && chosen === allKeys.length}
        isPart={chosen > 0 && chosen < allKeys.length}
        onChange={toggleAll}
      />
    ),
    cell: (row) => {
      const key = rowKey(row);
      return (
        <span
          className="flex"
          onClickCapture={(event) => {
            isShifted.current = event.shiftKey;
          }}
        >
          <Box
            label={`Select ${selection.nameOf(row)}`}
            isChecked={keys.has(key)}
            onChange={() => {
              toggle(indexOf(key), isShifted.current);
              onClicked(key);
            }}
          />
        </span>
      );
    },
  };
  return {
    ...{ column, toggle, extend, toggleAll },
    moved: () => {
      beganAt.current = null;
    },
  };
}

/** A checkbox of a grid: no tab stop, since the grid is the one that there is. */
function Box({
  label,
  isChecked,
  isPart = false,
  onChange,
}: {
  label: string;
  isChecked: boolean;
  isPart?: boolean;
  onChange: () => void;
}) {
  return (
    <Checkbox.Root
      checked={isChecked}
      indeterminate={isPart}
      onCheckedChange={onChange}
      aria-label={label}
      title={label}
      tabIndex={-1}
      className="relative z-1 flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface before:absolute before:size-6 data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent"
    >
      <Checkbox.Indicator className="text-on-accent">
        {isPart ? <Minus className="size-3" strokeWidth={3} aria-hidden /> : <Check className="size-3" strokeWidth={3} aria-hidden />}
      </Checkbox.Indicator>
    </Checkbox.Root>
  );
}
