import { AppError, targetName } from "@signalbox/model";
import type { Question, Reply, Target } from "../target.ts";
import { ANSWER_BYTES_MAX, answerText, questionMessage, readAnswer, TOO_LONG } from "./targetMessage.ts";

/** Statuses that mean "not now" rather than "not this". */
const AWAY = new Set([429, 502, 503, 504]);

/** A connection that breaks off this often at one question does so because of it. */
const ASKED_MAX = 3;

const EXCERPT_CHARACTERS = 200;

/** The innermost cause of a failed `fetch`: `connect ECONNREFUSED 127.0.0.1:1`. */
function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** Error codes of an established connection that broke off. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** The address of a target, and the headers that it gets besides the question. */
interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Sent = { kind: "answered"; status: number; body: Uint8Array | null } | { kind: "broken_off"; reason: string };

/** The body of a response; null where it is too long for an answer. */
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

async function send({ url, headers }: Address, question: Question): Promise<Sent> {
  try {
    const response = await fetch(url, {
      method: "POST",
      signal: question.signal,
      headers: { ...headers, "content-type": "application/json", "idempotency-key": question.key, traceparent: question.traceparent },
      body: JSON.stringify(questionMessage(question)),
    });
    return { kind: "answered", status: response.status, body: await bodyOf(response) };
  } catch (cause) {
    question.signal.throwIfAborted();
    const reason = innermost(cause);
    if ("code" in reason && BROKEN.has(String(reason.code))) return { kind: "broken_off", reason: reason.message };
    throw new AppError("upstream_unavailable", `The target ${targetName(url)} does not answer: ${reason.message}`, { cause });
  }
}

async function sendUntilAnswered(address: Address, question: Question): Promise<Sent & { kind: "answered" }> {
  for (let asked = 1; ; asked += 1) {
    const sent = await send(address, question);
    if (sent.kind === "answered") return sent;
    if (asked === ASKED_MAX) throw new Error(`it broke off ${asked} times: ${sent.reason}`);
  }
}

/** Throws `invalid_input` for an invalid address; the message repeats no secret. */
function requireAddress({ url, headers }: Address): void {
  const parsed = URL.parse(url);
  if (parsed === null) throw new AppError("invalid_input", `The target ${url} is no URL.`);
  if (parsed.username !== "" || parsed.password !== "")
    throw new AppError("invalid_input", "The target's URL has a name or a password in it.", {
      hint: "Give what it asks for as a header: --header 'authorization=$VARIABLE'.",
    });
  for (const [name, value] of Object.entries(headers))
    try {
      new Headers({ [name]: value });
    } catch {
      throw new AppError(
        "invalid_input",
        `The header ${name} cannot be sent: its name or its value has characters that headers may not have.`,
      );
    }
}

/**
 * A target that answers `POST <url>` with a body of `{ key, item, trial, input }`, and the headers `idempotency-key`
 * and `traceparent` besides the given ones. No connection, and the statuses 429, 502, 503 and 504, mean that it is
 * down, and 401 that it does not let us in, as long as it has answered nothing (`wasLetIn`: it had, in an earlier
 * part of the run); any other status than 2xx, and a connection that breaks off each time, is a failure of the item.
 */
export function httpTarget(url: string, headers: Readonly<Record<string, string>> = {}, wasLetIn = false): Target {
  const address = { url, headers };
  let isLetIn = wasLetIn;
  requireAddress(address);
  const name = targetName(url);
  return {
    async ask(question): Promise<Reply> {
      const { status, body } = await sendUntilAnswered(address, question);
      if (AWAY.has(status)) throw new AppError("upstream_unavailable", `The target ${name} is not there: it answered ${status}.`);
      if (status === 401 && !isLetIn) throw new AppError("unauthenticated", `The target ${name} does not let us in: it answered 401.`);
      if (body === null) throw new Error(TOO_LONG);
      if (status < 200 || status > 299) throw new Error(`it answered ${status}: ${String(Buffer.from(body)).slice(0, EXCERPT_CHARACTERS)}`);
      isLetIn = true;
      return readAnswer(answerText(body));
    },
  };
}
