import { spawn } from "node:child_process";
import { AppError } from "@signalbox/model";
import type { Question, Target } from "../target.ts";
import { ANSWER_BYTES_MAX, answerText, questionMessage, readAnswer, TOO_LONG } from "./targetMessage.ts";

/** A shell's exit codes for a command that it may not run, or cannot find. */
const CANNOT_RUN = new Set([126, 127]);

const EXCERPT_CHARACTERS = 200;
const COMPLAINT_CHARACTERS_MAX = 10_000;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Null where the answer was too long. */
  readonly stdout: Buffer | null;
  readonly stderr: string;
}

function runCommand(command: string, question: Question): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that everything the shell started ends with it.
    const child = spawn(command, {
      shell: true,
      detached: true,
      stdio: "pipe",
      env: { ...process.env, SIGNALBOX_IDEMPOTENCY_KEY: question.key, TRACEPARENT: question.traceparent },
    });
    const kill = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    question.signal.addEventListener("abort", kill, { once: true });
    const stdout: Buffer[] = [];
    let [bytes, stderr] = [0, ""];
    child.stdout.on("data", (some: Buffer) => {
      bytes += some.length;
      if (bytes <= ANSWER_BYTES_MAX) stdout.push(some);
      else kill();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-COMPLAINT_CHARACTERS_MAX);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      question.signal.removeEventListener("abort", kill);
      resolve({ code, signal, stderr, stdout: bytes <= ANSWER_BYTES_MAX ? Buffer.concat(stdout) : null });
    });
    // A command may end without reading its question.
    child.stdin.on("error", () => {});
    child.stdin.end(`${JSON.stringify(questionMessage(question))}\n`);
  });
}

/**
 * A target that is a shell command, run once per question: it reads `{ key, item, trial, input }` as JSON from its standard
 * input (`key` and `traceparent` also from SIGNALBOX_IDEMPOTENCY_KEY and TRACEPARENT) and writes its answer to its standard
 * output. An exit code other than 0 is a failure of the item; a command that the shell cannot run is `invalid_input`.
 */
export function commandTarget(command: string): Target {
  return {
    async ask(question) {
      const { code, signal, stdout, stderr } = await runCommand(command, question);
      if (stdout === null) throw new Error(TOO_LONG);
      if (code === 0) return readAnswer(answerText(stdout));
      const told = stderr.trim().slice(-EXCERPT_CHARACTERS);
      if (code !== null && CANNOT_RUN.has(code))
        throw new AppError("invalid_input", `The command ${JSON.stringify(command)} cannot be run: ${told}`, {
          hint: "A target is `agent`, `agent@<version>`, a URL, or a command of the shell.",
        });
      throw new Error(`it ended with ${code === null ? signal : `exit code ${code}`}${told === "" ? "" : `: ${told}`}`);
    },
  };
}
