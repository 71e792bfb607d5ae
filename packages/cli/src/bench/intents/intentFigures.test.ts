import type { Decision } from "@signalbox/model";
import { expect, test } from "vitest";
import { agentWorked, intentFigures, type PlayedRow } from "./intentFigures.ts";

/** A row whose log has the intent as understood, and the planned move, if any. */
function aRow(expected: string | null, intent: string, { abstained = false, move = "reply" as string | null } = {}): PlayedRow {
  const understood = { kind: "understood", chosen: intent, confidence: 0.9, detail: { abstained } };
  const planned = move === null ? [] : [{ kind: "planned", chosen: move, confidence: null, detail: {} }];
  const decisions = [understood, ...planned, { kind: "planned", chosen: "stop", detail: {} }] as unknown as Decision[];
  return { expected, status: abstained ? "dead" : "done", decisions };
}

test("the log says what was understood, what was answered, and which intents came to their plan", () => {
  const rows = [
    aRow("age_limit", "age_limit", { move: "call get_article" }),
    aRow("pin_blocked", "age_limit"),
    aRow("pin_blocked", "pin_blocked", { abstained: true, move: null }),
    aRow("card_arrival", "card_arrival", { move: null }),
    aRow(null, "age_limit", { abstained: true, move: null }),
  ];
  expect(intentFigures(rows)).toMatchObject({
    rows: { inScope: 4, outOfScope: 1 },
    accuracy: 0.75,
    answeredShare: 0.75,
    outOfScopeRecall: 1,
    tasks: { done: 3, dead: 2, notUnderstood: 0 },
    intents: { inRows: 3, planned: 1, withoutPlan: ["card_arrival"], neverReached: ["pin_blocked"] },
  });
});

test("a task that was given up before it was understood is counted as that", () => {
  const row: PlayedRow = { expected: "age_limit", status: "dead", decisions: [] };
  expect(intentFigures([row])).toMatchObject({ rows: { inScope: 0 }, accuracy: null, tasks: { dead: 1, notUnderstood: 1 } });
});

test("an agent that understood nothing, answered nothing or had no plan did not work", () => {
  const isWhole = (...rows: PlayedRow[]) => agentWorked(intentFigures(rows), { plans: true });
  const answered = aRow("age_limit", "age_limit");
  expect(isWhole(answered)).toBe(true);
  expect(isWhole(answered, { expected: "age_limit", status: "dead", decisions: [] })).toBe(false);
  expect(isWhole(aRow("age_limit", "age_limit", { abstained: true, move: null }))).toBe(false);
  expect(isWhole(answered, aRow("card_arrival", "card_arrival", { move: null }))).toBe(false);
});

test("where the domain has no plans for what the rows want, understanding is what counts", () => {
  const figures = (...rows: PlayedRow[]) => intentFigures(rows);
  const [answered, refused] = [aRow("translate", "translate", { move: null }), aRow(null, "translate", { abstained: true, move: null })];
  expect(agentWorked(figures(answered, refused), { plans: false })).toBe(true);
  expect(agentWorked(figures(refused), { plans: false })).toBe(false);
});
