import { Presets, SingleBar } from "cli-progress";
import type { CommandOutput } from "./commandOutput.ts";

/** How far a long work is. */
export interface Progress {
  /** `done` of the total are finished. */
  update(done: number): void;
  stop(): void;
}

/** Where nobody watches, one line says how far it is after so long, in milliseconds, and so on. */
const SAY_EVERY_MS = 30_000;

/**
 * A bar on stderr while a person watches it; elsewhere a line now and then, so that logs
 * stay readable, and nothing of what is done at once. `clock` answers milliseconds.
 */
export function startProgress(
  output: CommandOutput,
  label: string,
  total: number,
  clock: () => number = () => performance.now(),
): Progress {
  if (!output.isWatched) return lineProgress(output, label, total, clock);
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

function lineProgress(output: CommandOutput, label: string, total: number, clock: () => number): Progress {
  const beganAt = clock();
  let saidAt = beganAt;
  return {
    update(done) {
      const now = clock();
      if (now - saidAt < SAY_EVERY_MS) return;
      saidAt = now;
      const leftS = Math.round(((now - beganAt) / Math.max(1, done) / 1_000) * (total - done));
      output.note(`${label}: ${done} of ${total}, ${Math.round((now - beganAt) / 1_000)} s so far, about ${leftS} s to go`);
    },
    stop: () => {},
  };
}
