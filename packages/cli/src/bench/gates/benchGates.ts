import { percentText } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { CELLS } from "./cells.ts";
import { type CellFigures, type GateFigures, gateFigures, type Promised } from "./gateFigures.ts";
import { simulateMatrix } from "./simulateMatrix.ts";

/** The flags of `signalbox bench gates`. */
interface BenchGatesFlags {
  sims: number;
  seed: number;
}

/** `signalbox bench gates`: 0 when every promise is kept, else 1. */
export const benchGates: Act<BenchGatesFlags> = ({ output, flags: { sims, seed } }) =>
  untilInterrupted(async (signal) => {
    const progress = startProgress(output, "simulated rollouts", sims * CELLS.length);
    const results = await simulateMatrix(sims, seed, signal, (done) => progress.update(done)).finally(() => progress.stop());
    const figures = gateFigures(results, sims, seed);
    output.result(figures, () => gatesText(figures));
    return figures.promises.every(({ isKept }) => isKept) ? EXIT.pass : EXIT.failed;
  });

function gatesText({ cells, promises, bestTuned, sims }: GateFigures): string {
  const compared = cells.filter(({ kind }) => kind === "power");
  const columns = compared.filter(({ gate }) => gate === "ours").map(({ world }) => world);
  const gates = [...new Set(compared.map(({ gate }) => gate))];
  const cellOf = (gate: string, world: CellFigures["world"]): string => {
    const cell = compared.find((one) => one.gate === gate && one.world === world);
    return cell === undefined ? "" : `${percentText(cell.rate)} @${cell.exposedMedian}`;
  };
  const nameOf = (gate: string): string => (gate === bestTuned ? `best tuned (${gate})` : gate);
  return [
    `${sims} rollouts in each of ${CELLS.length} cells. Rolled back, at the median of the candidate's sessions exposed:`,
    textTable([
      ["gate", ...columns.map(({ effect, move }) => (effect === 0 ? `equal, ${move}` : `${100 * effect} points`))],
      ...gates.map((gate) => [nameOf(gate), ...columns.map((world) => cellOf(gate, world))]),
    ]),
    "",
    textTable([
      ["equal candidates", "one metric", "five metrics"],
      ...cells.filter(({ kind, world }) => kind === "false_rollback" && world.metrics === 1).map((cell) => worldRow(cell, cells)),
    ]),
    "",
    textTable([
      [
        "dead letters",
        ...cells
          .filter(({ kind }) => kind === "dead_letters")
          .map(({ ratio, rate, exposedMedian }) => `${ratio}x: ${percentText(rate)} @${exposedMedian}`),
      ],
      [
        "split",
        ...cells.filter(({ kind }) => kind === "split").map(({ loss = 0, rate }) => `${percentText(loss)} lost: ${percentText(rate)}`),
      ],
      [
        "as stores tell",
        ...cells
          .filter(({ kind }) => kind === "told")
          .map(
            ({ world, rate }) =>
              `${world.crashes > 0 ? "dead after the score" : world.effect < 0 ? "10 points" : "equal"}: ${percentText(rate)}`,
          ),
      ],
      ["used wrongly", ...cells.filter(({ kind }) => kind === "control").map(({ gate, rate }) => `${gate}: ${percentText(rate)}`)],
    ]),
    "",
    textTable(promises.map(promiseRow)),
    "",
    `A rate is the highest of its cells, each estimated by ${sims} simulations, ± a standard error. It may be above what is promised by three of them: chance alone takes the highest of many there.`,
  ].join("\n");
}

function worldRow({ world, rate }: CellFigures, cells: readonly CellFigures[]): string[] {
  const five = cells.find(
    ({ kind, world: other }) =>
      kind === "false_rollback" &&
      other.metrics === 5 &&
      other.base === world.base &&
      other.move === world.move &&
      other.share === world.share,
  );
  return [`${percentText(world.base)}, ${world.move}, ${world.share}`, percentText(rate), percentText(five?.rate ?? Number.NaN)];
}

function promiseRow({ name, value, standardError, promised, max, min, isKept }: Promised): string[] {
  const came = standardError === undefined ? String(value) : `${value} ± ${standardError.toFixed(4)}`;
  const limit = promised === undefined ? `at most ${max}` : `at most ${promised}, by chance ${max}`;
  return [isKept ? "kept" : "missed", name, came, min === undefined ? limit : `at least ${min}`];
}
