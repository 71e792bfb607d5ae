import { Presets, SingleBar } from "cli-progress";
import type { CommandOutput } from "./commandOutput.ts";

/** How far a long work is. */
export interface Progress {
  /** `done` of the total are finished. */
  update(done: number): void;
  stop(): void;
}

/** A bar on stderr while a person watches it; elsewhere nothing, so that logs stay readable. */
export function startProgress(output: CommandOutput, label: string, total: number): Progress {
  if (!output.isWatched || output.choice.json) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: `${label} {bar} {value}/{total} · {duration_formatted}`,
      stream: output.progressStream,
      hideCursor: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
