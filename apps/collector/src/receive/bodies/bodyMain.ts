import { parentPort } from "node:worker_threads";
import { MalformedBody, plainBody } from "../../decode/index.ts";
import { type BodyAnswer, type BodyTask, bufferOf } from "./bodies.ts";
import { workOn } from "./bodyWork.ts";

// The thread that processes large bodies.

parentPort?.on("message", (task: BodyTask) => parentPort?.postMessage(answerTo(task)));

function answerTo({ kind, body, compression, args }: BodyTask): BodyAnswer {
  try {
    return { kind: "done", result: workOn(kind, plainBody(bufferOf(body), compression), args) };
  } catch (error) {
    if (error instanceof MalformedBody) return { kind: "malformed", fault: error.fault, message: error.message };
    return { kind: "failed", message: (error as Error).message };
  }
}
