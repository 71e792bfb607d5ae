import { Presets, SingleBar } from "cli-progress";
import type { CommandOutput } from "./commandOutput.ts";

/** The progress of a long operation. */
export interface Progress {
  /** `done` of the total are finished. */
  update(done: number): void;
  stop(): void;
}

/** The interval, in milliseconds, of progress lines where nobody watches. */
const SAY_EVERY_MS = 30_000;

/**
 * A bar on stderr while a person watches it; elsewhere an occasional line, so that
 * logs stay readable, and none for what is done at once. `clock` returns milliseconds.
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
