import { isSameStage } from "@signalbox/model";
import type { Side, SideStep } from "./words.ts";

/** The same step on several sides; null if a side has no such step. `isSame` means that all sides did the same there. */
export type SideRow = { step: number; steps: (SideStep | null)[]; isSame: boolean };

/** How strictly replays in these modes are compared: live ones only by what was done and said, not by how that came about. */
export function strictnessOf(...modes: readonly ("recorded" | "live")[]): { courses: boolean } {
  return { courses: modes.every((mode) => mode === "recorded") };
}

/** The steps of several sides, aligned by number. */
export function sideRows(sides: readonly Pick<Side, "steps">[], strictness: { courses: boolean }): SideRow[] {
  const byNumber = sides.map(({ steps }) => new Map(steps.map((step) => [step.step, step])));
  const numbers = [...new Set(byNumber.flatMap((steps) => [...steps.keys()]))].toSorted((one, other) => one - other);
  return numbers.map((step) => {
    const steps = byNumber.map((ofSide) => ofSide.get(step) ?? null);
    const [first = null] = steps;
    const isSame = steps.every((each) => each !== null && first !== null && isSameStage(first.stage, each.stage, strictness));
    return { step, steps, isSame };
  });
}

/**
 * The documents that sides left in different states. Null means that a side did not touch the document; `undefined` sides were not
 * inspected and are not compared.
 */
export function stateRows(sides: readonly Pick<Side, "state">[]): { document: string; texts: (string | null | undefined)[] }[] {
  const documents = [...new Set(sides.flatMap(({ state }) => Object.keys(state?.changed ?? {})))].toSorted();
  return documents
    .map((document) => ({ document, texts: sides.map(({ state }) => (state === null ? undefined : (state.changed[document] ?? null))) }))
    .filter(({ texts }) => new Set(texts.filter((text) => text !== undefined)).size > 1);
}
