import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { AppError, ReplayAnswer, type ReplayRequest } from "@signalbox/model";
import { REPOSITORY_ROOT } from "../config.ts";

const ENTRY = resolve(REPOSITORY_ROOT, "apps/agent-runtime/src/replay/main.ts");

/** A process of the runtime that executes replays. Disposing ends it. */
export type ReplayProcess = AsyncDisposable & {
  /**
   * Replays tasks and returns the answers in any order; `onAnswer` gets their
   * number so far. Throws `infrastructure` when the process ends before it is done.
   */
  replay(requests: readonly ReplayRequest[], onAnswer?: (answers: number) => void): Promise<ReplayAnswer[]>;
};

/**
 * Starts a replaying process. Its environment contains nothing but `PATH`,
 * hence no addresses, and it may not write files or start processes.
 */
export function openReplayProcess(): ReplayProcess {
  const child = spawn(process.execPath, ["--permission", "--allow-fs-read=*", ENTRY], {
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  // The exit reports a process that is gone; its broken pipe adds nothing.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    async replay(requests, onAnswer) {
      const answers: ReplayAnswer[] = [];
      for (const request of requests) child.stdin.write(`${JSON.stringify(request)}\n`);
      while (answers.length < requests.length) {
        const { value, done } = await lines.next();
        if (done === true) throw new AppError("infrastructure", "The process that replays has ended before it was done.");
        answers.push(ReplayAnswer.parse(JSON.parse(value)));
        onAnswer?.(answers.length);
      }
      return answers;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await gone;
    },
  };
}
