import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Comparison, Mismatch } from "./compareRuns.ts";

/** The output of `signalbox import tau-bench --json`. */
export interface ImportReport extends Comparison {
  worldId: string;
  /** Milliseconds from the first request to the last figure. */
  durationMs: number;
}

/** The most characters of a differing text that are shown. */
const EXCERPT_CHARACTERS = 60;

function excerptAround(text: string | null, at: number): string {
  if (text === null) return "(no call)";
  const start = Math.max(0, at - EXCERPT_CHARACTERS / 3);
  return `${start > 0 ? "…" : ""}${text.slice(start, start + EXCERPT_CHARACTERS)}${start + EXCERPT_CHARACTERS < text.length ? "…" : ""}`;
}

function firstDifference(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return index;
  return length;
}

function mismatchLine({ taskId, trial, what, index, recorded, ours }: Mismatch): string {
  const at = recorded === null || ours === null ? 0 : firstDifference(recorded, ours);
  const place = `task ${taskId}, trial ${trial}, ${what}${index === undefined ? "" : ` ${index}`}`;
  return `  ${place}: recorded ${excerptAround(recorded, at)}, ours ${excerptAround(ours, at)}`;
}

/** The report for people. */
export function importText(report: ImportReport, output: CommandOutput): string {
  const figure = (name: string, same: number, total: number): string[] => {
    const count = `${same} of ${total}`;
    return [name, output.isForPerson ? output.paint(same === total ? "green" : "red", `${same === total ? "✔" : "✖"} ${count}`) : count];
  };
  const { toolOutputs, rewards, dataHashes, tasks, passHatK, mismatches, trajectories, durationMs } = report;
  const rows = [
    figure("tasks done", tasks.done, trajectories),
    figure("tool outputs as recorded", toolOutputs.matched, toolOutputs.total),
    figure("rewards as recorded", rewards.agreed, rewards.total),
    figure("data hashes as recorded", dataHashes.agreed, dataHashes.total),
    ...Object.entries(passHatK).map(([k, value]) => [`pass^${k}`, String(value)]),
    ["time", `${(durationMs / 1_000).toFixed(1)} s`],
  ];
  const lines = mismatches.length === 0 ? [] : ["", "What differs:", ...mismatches.map(mismatchLine)];
  return [textTable(rows), ...lines].join("\n");
}
