import { AppError } from "@signalbox/model";
import type { Question, Reply, Target } from "../target.ts";
import { ANSWER_BYTES_MAX, answerText, questionMessage, readAnswer, TOO_LONG } from "./targetMessage.ts";

/** Answers that mean "not now" rather than "not this". */
const AWAY = new Set([429, 502, 503, 504]);

/** A target that breaks off so often at one question does so because of it. */
const ASKED_MAX = 3;

const EXCERPT_CHARACTERS = 200;

/** The innermost reason of a failed `fetch`: `connect ECONNREFUSED 127.0.0.1:1`. */
function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** What a connection that was there and broke off is told by. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

type Sent = { kind: "answered"; status: number; body: Uint8Array | null } | { kind: "broken_off"; reason: string };

/** What a response has; null where it is more than an answer may be. */
async function bodyOf(response: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function send(url: string, question: Question): Promise<Sent> {
  try {
    const response = await fetch(url, {
      method: "POST",
      signal: question.signal,
      headers: { "content-type": "application/json", "idempotency-key": question.key, traceparent: question.traceparent },
      body: JSON.stringify(questionMessage(question)),
    });
    return { kind: "answered", status: response.status, body: await bodyOf(response) };
  } catch (cause) {
    question.signal.throwIfAborted();
    const reason = innermost(cause);
    if ("code" in reason && BROKEN.has(String(reason.code))) return { kind: "broken_off", reason: reason.message };
    throw new AppError("upstream_unavailable", `The target ${url} does not answer: ${reason.message}`, { cause });
  }
}

async function sendUntilAnswered(url: string, question: Question): Promise<Sent & { kind: "answered" }> {
  for (let asked = 1; ; asked += 1) {
    const sent = await send(url, question);
    if (sent.kind === "answered") return sent;
    if (asked === ASKED_MAX) throw new Error(`it broke off ${asked} times: ${sent.reason}`);
  }
}

/**
 * A target that answers `POST <url>` with a body of `{ key, item, trial, input }`, and the headers
 * `idempotency-key` and `traceparent`. No connection, and the answers 429, 502, 503 and 504, mean that it
 * is down; any other answer than 2xx, and a connection that breaks off each time, is a failure of the item.
 */
export function httpTarget(url: string): Target {
  return {
    async ask(question): Promise<Reply> {
      const { status, body } = await sendUntilAnswered(url, question);
      if (AWAY.has(status)) throw new AppError("upstream_unavailable", `The target ${url} is not there: it answered ${status}.`);
      if (body === null) throw new Error(TOO_LONG);
      if (status < 200 || status > 299) throw new Error(`it answered ${status}: ${String(Buffer.from(body)).slice(0, EXCERPT_CHARACTERS)}`);
      return readAnswer(answerText(body));
    },
  };
}
