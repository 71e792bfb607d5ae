import { clopperPearson } from "@signalbox/evals";
import { rounded } from "../rounded.ts";
import { CELLS, type Cell, CONTROLS } from "./cells.ts";
import { TUNED_RULES } from "./fixedRules.ts";
import { ALPHA, BETA, SPLIT_ALPHA } from "./ourGate.ts";
import type { CellResult } from "./simulateCell.ts";
import type { World } from "./world.ts";

/**
 * A gate's results in a cell: its hit rate, the 99 % lower bound of that, and the median
 * number of the candidate's sessions exposed by then (all of them where it did not hit).
 */
export interface CellFigures {
  readonly kind: Cell["kind"];
  readonly gate: string;
  readonly world: World;
  readonly ratio?: number;
  readonly loss?: number;
  readonly rate: number;
  readonly rateAtLeast: number;
  readonly exposedMedian: number;
}

/**
 * A promise and its outcome, which must be at most `max`, or at least `min`. For a promised probability, `value` is an
 * estimate with the given `standardError`, `promised` the bound on the true rate, and `max` that plus three standard errors.
 */
export interface Promised {
  readonly name: string;
  readonly value: number;
  readonly standardError?: number;
  readonly promised?: number;
  readonly max?: number;
  readonly min?: number;
  readonly isKept: boolean;
}

/**
 * The output of `bench gates`: the highest rates of false rollback and false promotion over their cells (0 to 1), the
 * candidate's sessions exposed at -5 points as a share of those of the best tuned fixed rule, the promises, and every cell.
 */
export interface GateFigures {
  readonly sims: number;
  readonly seed: number;
  readonly maxFalseRollback: number;
  readonly maxFalsePromotion: number;
  readonly exposedVersusBestTuned: number;
  readonly bestTuned: string;
  readonly promises: readonly Promised[];
  readonly cells: readonly CellFigures[];
}

/** The standard error of a rate over `sims` simulations. */
const standardError = (rate: number, sims: number): number => Math.sqrt((rate * (1 - rate)) / sims);

/** The highest plausible estimate over `sims` simulations of a rate that is truly `rate`: three standard errors above it. */
const withError = (rate: number, sims: number): number => rate + 3 * standardError(rate, sims);

/**
 * At -5 points, the largest share of the sessions of the best tuned threshold that the evidence may let through, while finding nearly all.
 */
const EXPOSED_SHARE_MAX = 0.4;
const FOUND = 0.98;

/**
 * The multiple of dead letters, and the unreported share of the candidate's sessions, that must
 * be found. Of half that loss, an hour's sessions find about two thirds: that is only shown.
 */
const DEAD_LETTERS_FOUND = 5;
const LOSS_FOUND = 0.2;

/** The figures of the simulations. Pure. */
export function gateFigures(results: readonly CellResult[], sims: number, seed: number): GateFigures {
  const every = results.flatMap(({ cell, exposed, hits }) =>
    Object.entries(hits).map(([gate, at]) => figuresOf(CELLS[cell] as Cell, gate, at, exposed)),
  );
  const bestTuned = bestOf(every);
  const tuned = new Set(TUNED_RULES.map(({ name }) => name));
  const cells = every.filter(({ gate }) => !tuned.has(gate) || gate === bestTuned);
  const ours = (kind: Cell["kind"]): CellFigures[] => cells.filter((cell) => cell.kind === kind && cell.gate === "ours");
  const maxFalseRollback = worstOf(ours("false_rollback"));
  const maxFalsePromotion = worstOf(ours("false_promotion"));
  const at = (gate: string, effect: number): CellFigures | undefined =>
    cells.find(({ kind, gate: name, world }) => kind === "power" && name === gate && world.effect === effect && world.move === "drift");
  const exposedVersusBestTuned = rounded(
    (at("ours", -0.05)?.exposedMedian ?? Number.NaN) / (at(bestTuned, -0.05)?.exposedMedian ?? Number.NaN),
    3,
  );
  const rateOf = (control: string): number => cells.find(({ kind, gate }) => kind === "control" && gate === control)?.rate ?? Number.NaN;
  const told = cells.filter(({ kind }) => kind === "told");
  const deadLetters = (times: number): CellFigures[] => cells.filter(({ kind, ratio }) => kind === "dead_letters" && ratio === times);
  const split = (lost: number): CellFigures[] => cells.filter(({ kind, loss }) => kind === "split" && loss === lost);
  const damaged = withError(ALPHA, sims);
  return {
    ...{ sims, seed, maxFalseRollback, maxFalsePromotion, exposedVersusBestTuned, bestTuned },
    promises: [
      rateAtMost("false rollback by evidence, every cell", maxFalseRollback, ALPHA, sims),
      rateAtMost("false promotion at the margin, every cell", maxFalsePromotion, BETA, sims),
      atLeast("rolled back at -5 points", at("ours", -0.05)?.rate ?? Number.NaN, FOUND),
      atLeast("rolled back at -10 points", at("ours", -0.1)?.rate ?? Number.NaN, 1),
      atMost("sessions exposed at -5 points, over the best tuned threshold's", exposedVersusBestTuned, EXPOSED_SHARE_MAX),
      ...CONTROLS.filter((control) => control !== "dropped" && control !== "counted").map((control) =>
        atLeast(`damage shows: ${control}`, rateOf(control), damaged),
      ),
      atMost("damage shows: dropped crashes are not found", rateOf("dropped"), 0.5),
      atLeast("crashes that count as failures are", rateOf("counted"), FOUND),
      rateAtMost("false rollback by dead letters", worstOf(deadLetters(1)), ALPHA, sims),
      atLeast("rolled back at 5 times the dead letters", rarestOf(deadLetters(DEAD_LETTERS_FOUND)), FOUND),
      rateAtMost("false alarm of the split", worstOf(split(0)), SPLIT_ALPHA, sims),
      atLeast("split called wrong when a fifth of the candidate's sessions is lost", rarestOf(split(LOSS_FOUND)), FOUND),
      atMost("false rollback of what stores tell", worstOf(told.filter(isEqual)), damaged),
      atLeast("rolled back by what stores tell", rarestOf(told.filter((cell) => !isEqual(cell))), FOUND),
    ],
    cells,
  };
}

/** The highest and the lowest rate of some cells. Without cells it is NaN, which keeps no promise. */
const worstOf = (cells: readonly CellFigures[]): number => (cells.length === 0 ? Number.NaN : Math.max(...cells.map(({ rate }) => rate)));
const rarestOf = (cells: readonly CellFigures[]): number => (cells.length === 0 ? Number.NaN : Math.min(...cells.map(({ rate }) => rate)));

const isEqual = ({ world }: CellFigures): boolean => world.effect === 0 && world.crashes === 0;

const atMost = (name: string, value: number, max: number): Promised => ({ name, value, max: rounded(max, 4), isKept: value <= max });
const rateAtMost = (name: string, value: number, promised: number, sims: number): Promised => ({
  ...atMost(name, value, withError(promised, sims)),
  standardError: rounded(standardError(value, sims), 5),
  promised,
});
const atLeast = (name: string, value: number, min: number): Promised => ({ name, value, min: rounded(min, 4), isKept: value >= min });

function figuresOf(cell: Cell, gate: string, at: Int32Array, exposed: Int32Array): CellFigures {
  const sims = at.length;
  const hits = at.reduce((count, sessions) => count + Number(sessions >= 0), 0);
  const letThrough = at.map((sessions, sim) => (sessions >= 0 ? sessions : (exposed[sim] as number))).sort();
  return {
    ...{ kind: cell.kind, gate, world: cell.world },
    ...(cell.kind === "dead_letters" ? { ratio: cell.ratio } : {}),
    ...(cell.kind === "split" ? { loss: cell.loss } : {}),
    ...{ rate: rounded(hits / sims, 5), rateAtLeast: rounded(clopperPearson(hits, sims, 0.99).lower, 5) },
    exposedMedian: letThrough[Math.floor(sims / 2)] as number,
  };
}

/**
 * The threshold that lets the fewest sessions through at -5 points, among those that are quiet
 * for an equal candidate: chosen with hindsight, on the very runs by which it is measured.
 */
function bestOf(cells: readonly CellFigures[]): string {
  const rules = TUNED_RULES.map(({ name }) => cells.filter(({ kind, gate }) => kind === "power" && gate === name));
  const isQuiet = (rule: readonly CellFigures[]): boolean => rule.every(({ world, rate }) => world.effect !== 0 || rate <= ALPHA);
  const exposedOf = (rule: readonly CellFigures[]): number =>
    rule.find(({ world }) => world.effect === -0.05)?.exposedMedian ?? Number.POSITIVE_INFINITY;
  const [best] = rules.filter(isQuiet).sort((one, other) => exposedOf(one) - exposedOf(other));
  return best?.[0]?.gate ?? "none";
}
