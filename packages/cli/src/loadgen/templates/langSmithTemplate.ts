import { mix32 } from "@signalbox/model";
import { type AgentCall, aConversation, anAgentCall, type Conversation, type Operation } from "../spans/agentCall.ts";
import { callTimes } from "../spans/callTimes.ts";
import { seededRandom } from "../spans/seededRandom.ts";
import { SpanIds } from "../spans/spanIds.ts";
import type { Payload } from "./payload.ts";
import type { Template } from "./template.ts";

/** The boundary between the parts of a form; the request's content type names it. */
export const FORM_BOUNDARY = "----LangSmithFormBoundarySignalboxLoad";

const RUN_TYPES: Record<Operation, string> = { chat: "llm", execute_tool: "tool", invoke_agent: "chain", embeddings: "llm" };

/**
 * The placeholders that are overwritten for each request, with their lengths: UUIDs, ISO times, and the compact times of a dotted order.
 */
const PLACES = { run: 36, parent: 36, trace: 36, start: 27, end: 27, dottedroot: 22, dottedstart: 22 } as const;
type PlaceName = keyof typeof PLACES;

const place = (name: PlaceName): string => `@${name}`.padEnd(PLACES[name], "_");
const PLACE = /@(run|parent|trace|start|end|dottedroot|dottedstart)_+/g;

interface Run {
  startNs: number;
  endNs: number;
  places: { name: PlaceName; at: number }[];
}

/** Whole traces as a form for LangSmith's `POST /runs/multipart`: each run as its creation with its end, the way SDKs batch it. */
export class LangSmithTemplate implements Template {
  readonly body: Buffer;
  readonly #spansPerTrace: number;
  readonly #ids: SpanIds;
  readonly #runs: readonly Run[];

  constructor(payload: Payload, number: number) {
    const { seed, spansPerTrace, spansPerRequest } = payload;
    const random = seededRandom(mix32(seed) ^ number);
    const texts: string[] = [];
    const runs: Run[] = [];
    let length = 0;
    for (let index = 0; index < spansPerRequest; index++) {
      const position = number * spansPerRequest + index;
      const isRoot = position % spansPerTrace === 0;
      const call = anAgentCall(random, Math.floor(position / spansPerTrace));
      const characters = payload.bytesPerSpan - runText(call, isRoot, aConversation(call, 0, random)).length;
      const text = runText(call, isRoot, aConversation(call, Math.max(0, characters), random));
      const places = [...text.matchAll(PLACE)].map(({ 1: name, index: at }) => ({ name: name as PlaceName, at: length + at }));
      runs.push({ ...callTimes(isRoot, random), places });
      texts.push(text);
      length += text.length;
    }
    this.body = Buffer.from(`${texts.join("")}--${FORM_BOUNDARY}--\r\n`, "latin1");
    this.#spansPerTrace = spansPerTrace;
    this.#ids = new SpanIds(seed);
    this.#runs = runs;
  }

  get spans(): number {
    return this.#runs.length;
  }

  patch(firstSpan: number, baseMs: number): void {
    const dottedroot = compactTime(isoTime(baseMs, 0));
    let rootId = "";
    for (const [index, { startNs, endNs, places }] of this.#runs.entries()) {
      const span = firstSpan + index;
      const isRoot = span % this.#spansPerTrace === 0;
      const id = this.#ids.uuid(span);
      if (isRoot) rootId = id;
      const start = isoTime(baseMs, startNs);
      const end = isoTime(baseMs, endNs);
      const texts = { run: id, parent: rootId, trace: rootId, start, end, dottedroot, dottedstart: isRoot ? "" : compactTime(start) };
      for (const { name, at } of places) this.body.write(texts[name], at, "latin1");
    }
  }
}

/** The parts of one run. */
function runText(call: AgentCall, isRoot: boolean, { system, user, answer }: Conversation): string {
  const name = `post.${place("run")}`;
  const rootOrder = `${place("dottedroot")}${place("trace")}`;
  const run = {
    id: place("run"),
    trace_id: place("trace"),
    dotted_order: isRoot ? rootOrder : `${rootOrder}.${place("dottedstart")}${place("run")}`,
    ...(isRoot ? {} : { parent_run_id: place("parent") }),
    name: `${call.agent} ${call.operation}`,
    run_type: RUN_TYPES[call.operation],
    start_time: place("start"),
    end_time: place("end"),
    session_name: "default",
    tags: ["load"],
  };
  const usage = { input_tokens: call.inputTokens, output_tokens: call.outputTokens, total_tokens: call.inputTokens + call.outputTokens };
  const metadata = {
    ls_provider: call.provider,
    ls_model_name: call.model,
    ls_model_type: "chat",
    thread_id: call.session,
    user_id: call.user,
  };
  return [
    part(name, run),
    part(`${name}.inputs`, {
      messages: [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
    }),
    part(`${name}.outputs`, { messages: [{ role: "assistant", content: answer }], usage_metadata: usage }),
    part(`${name}.extra`, { metadata, runtime: { sdk: "langsmith-js", library: "langsmith" } }),
  ].join("");
}

/** A part as the JavaScript SDK writes it: the length is a parameter of its type. */
function part(name: string, content: object): string {
  const json = JSON.stringify(content);
  const head = `Content-Disposition: form-data; name="${name}"\r\nContent-Type: application/json; length=${json.length}`;
  return `--${FORM_BOUNDARY}\r\n${head}\r\n\r\n${json}\r\n`;
}

/** ISO 8601 with microseconds. */
function isoTime(baseMs: number, offsetNs: number): string {
  const micros = Math.floor(offsetNs / 1_000);
  const ms = baseMs + Math.floor(micros / 1_000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(micros % 1_000).padStart(3, "0")}Z`;
}

/** A time in a dotted order: without ISO's punctuation between the numbers. */
function compactTime(iso: string): string {
  return iso.replace(/[-:.]/g, "");
}
