import type { FileProgress } from "@signalbox/db/backup";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { type Progress, startProgress } from "../commandLine/progress.ts";

/** A progress bar that counts files, under one label after the other. Disposing it ends the bar. */
export function fileProgress(output: CommandOutput, label: string): FileProgress & Disposable {
  let bar: Progress | undefined;
  let files = 0;
  return {
    begin(total) {
      bar?.stop();
      files = 0;
      bar = startProgress(output, label, total);
    },
    done() {
      files += 1;
      bar?.update(files);
    },
    [Symbol.dispose]: () => bar?.stop(),
  };
}
