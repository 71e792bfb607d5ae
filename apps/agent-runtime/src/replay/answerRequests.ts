import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { errorBody, issuesText, ReplayAnswer, ReplayRequest } from "@signalbox/model";
import { z } from "zod";
import { replayTask } from "./replayTask.ts";

/** How many replays run at a time. */
const IN_FLIGHT_MAX = 4;

/** The part of a request that says which task it is about. */
const Addressed = z.object({ recording: z.object({ id: z.uuid() }) });

async function answerTo(line: string): Promise<ReplayAnswer> {
  const json: unknown = JSON.parse(line);
  const taskId = Addressed.parse(json).recording.id;
  try {
    const { recording, plan, manifests } = ReplayRequest.parse(json);
    return { taskId, report: await replayTask(recording, plan, { manifests }) };
  } catch (error) {
    const isUnreadable = error instanceof z.ZodError;
    const message = isUnreadable ? `The record of task ${taskId} cannot be read by this version: ${issuesText(error)}` : undefined;
    const body = message === undefined ? errorBody(error).error : { code: "conflict", message };
    return ReplayAnswer.parse({ taskId, error: body });
  }
}

/**
 * Answers each line of `input`, a replay request in JSON, with one line through `write`. A few requests run at a time; answers come as they
 * finish.
 */
export async function answerRequests(input: Readable, write: (line: string) => void): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const lane = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) return;
      write(`${JSON.stringify(await answerTo(value))}\n`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, lane));
}
