import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type RowSelection, type Selection, useRowSelection } from "./rowSelection.tsx";

const ROWS = Array.from({ length: 30 }, (_, index) => `row ${index}`);

function Table({
  selection,
  onClicked,
  onRendered,
}: {
  selection: Selection<string>;
  onClicked: (key: string) => void;
  onRendered: (chosen: RowSelection<string>) => void;
}) {
  const chosen = useRowSelection(selection, ROWS, (row) => row, onClicked);
  if (chosen !== null) onRendered(chosen);
  return null;
}

/** A table of thirty rows, with the numbers of those that are chosen, and of the row whose checkbox was last clicked. */
function table() {
  const keys = new Set<string>();
  const clicked: string[] = [];
  const selection: Selection<string> = {
    keys,
    nameOf: (row) => row,
    onChange(next) {
      const all = [...next];
      keys.clear();
      for (const key of all) keys.add(key);
    },
  };
  const rendered: RowSelection<string>[] = [];
  renderToStaticMarkup(
    createElement(Table, { selection, onClicked: (key) => clicked.push(key), onRendered: (chosen) => rendered.push(chosen) }),
  );
  const [rows] = rendered;
  if (rows === undefined) throw new Error("the table was not rendered");
  return { rows, clicked, chosen: () => ROWS.flatMap((row, index) => (keys.has(row) ? [index] : [])) };
}

test("going back by a page or to the first row leaves nothing chosen behind where it began", () => {
  const { rows, chosen } = table();
  rows.extend(4, 14);
  rows.extend(14, 16);
  expect(chosen()).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  rows.extend(16, 6);
  expect(chosen()).toEqual([4, 5, 6]);
  rows.extend(6, 0);
  expect(chosen()).toEqual([0, 1, 2, 3, 4]);
  rows.extend(0, 5);
  expect(chosen()).toEqual([4, 5]);
});

test("what was chosen elsewhere stays, and what follows a move begins anew", () => {
  const { rows, chosen } = table();
  rows.toggle(20);
  rows.extend(2, 3);
  rows.moved();
  rows.extend(8, 9);
  rows.extend(9, 8);
  expect(chosen()).toEqual([2, 3, 8, 20]);
});

test("a click on a checkbox chooses its row, and makes it the one to go on from", () => {
  const { rows, chosen, clicked } = table();
  const cell = rows.column.cell("row 7") as ReactElement<{ children: ReactElement<{ onChange: () => void }> }>;
  cell.props.children.props.onChange();
  expect([chosen(), clicked]).toEqual([[7], ["row 7"]]);
});
