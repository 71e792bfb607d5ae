import { setTimeout as sleep } from "node:timers/promises";
import { type Context, createContext } from "@signalbox/api";
import type { Storage, Traffic } from "@signalbox/db/clickhouse";
import { countText, DEFAULT_PROJECT } from "@signalbox/model";
import type { Progress } from "../../commandLine/progress.ts";
import { storeUrls } from "../../supervisor/stores/stores.ts";
import { type BenchStack, calledOffBy, openBenchPlace, settled, startBenchStack } from "../benchStack.ts";
import { runLoadgen } from "../loadgenProcess.ts";
import { PAYLOADS } from "../payloads.ts";
import { rounded } from "../rounded.ts";
import { loadFlags } from "../saturate.ts";
import { sideBySide } from "../sideBySide.ts";
import { type Asked, askQuestions } from "./askQuestions.ts";
import { estimatedTime, fillStore, requireRoom } from "./fillStore.ts";
import { questionsOf } from "./questions.ts";

const DAYS = 30;
const DAY_MS = 86_400_000;
const ASK_EVERY_MS = 500;
const SAMPLES_MAX = 200;

/** The duration of the full-speed run that determines half speed. */
const FULL_SPEED_SECONDS = 5;

/** Spans arrive for as long as questions are asked; a generator that is never stopped ends by itself after this. */
const HALF_SPEED_SECONDS_MAX = 3_600;

/** The number of spans, and of runs of each query. */
export interface QueryOptions {
  spans: number;
  textIndex: boolean;
  runs: number;
  seed: number;
  signal: AbortSignal;
  note: (line: string) => void;
  startProgress: (label: string, total: number) => Progress;
}

/** The results of a measurement. `storage` is that of the table `spans` once its merges had settled. */
export interface QueryFigures {
  spans: number;
  textIndex: boolean;
  storedInSeconds: number;
  storage: Storage;
  halfSpeedSpansPerSecond: number;
  idle: Asked[];
  whileIngesting: Asked[];
}

/** Stores the traffic in a stack of its own, asks every question idle and while spans arrive at half speed, and leaves nothing behind. */
export async function measureQueries(options: QueryOptions): Promise<QueryFigures> {
  const { spans, textIndex, seed, runs, note } = options;
  using place = await openBenchPlace();
  requireRoom(place.config.dataDir, spans, textIndex);
  await using stack = await startBenchStack(place, { besides: "controller", note, signal: options.signal });
  const { store } = stack;
  const signal = calledOffBy(options.signal, stack);
  if (textIndex) await store.addTextIndexes();

  note(`Storing ${countText(spans)} spans of ${DAYS} days, ${estimatedTime(spans)} …`);
  const traffic = { project: DEFAULT_PROJECT, seed, spans, fromMs: Date.now() - DAYS * DAY_MS, days: DAYS };
  const startedAt = performance.now();
  const progress = options.startProgress("Storing", spans);
  await fillStore(store, traffic, progress, signal).finally(() => progress.stop());
  const settledAt = await settled(stack, signal);

  await using context = openContext(stack, storeUrls(place.config));
  note("Waiting for the sums behind charts …");
  await untilCaughtUp(context, traffic, signal);
  const samples = await store.sampleTraffic(traffic, SAMPLES_MAX);
  const questions = questionsOf(context, { project: traffic.project, longTraceId: await store.longTraceId(traffic) });
  const storage = await store.storage("spans");
  note("Asking …");
  const idle = await askQuestions(questions, samples, runs, signal);

  note("Asking while spans come in at half speed …");
  const flags = loadFlags(stack, { ...PAYLOADS.heavy, dialects: "otel", seconds: 0, connections: 32 });
  const full = await runLoadgen({ ...flags, duration: FULL_SPEED_SECONDS }, signal);
  const rate = Math.max(1, Math.round(full.spansPerSecond / 2));
  const isAnswered = new AbortController();
  const [, whileIngesting] = await sideBySide(
    signal,
    (until) => runLoadgen({ ...flags, rate, duration: HALF_SPEED_SECONDS_MAX }, AbortSignal.any([until, isAnswered.signal])),
    (until) => askQuestions(questions, samples, runs, until).finally(() => isAnswered.abort()),
  );
  const storedInSeconds = rounded((settledAt - startedAt) / 1_000, 1);
  return { spans, textIndex, storedInSeconds, storage, halfSpeedSpansPerSecond: rate, idle, whileIngesting };
}

/** Opens the context in which the console's procedures are called. */
function openContext({ otlpUrl }: BenchStack, { CLICKHOUSE_URL, DATABASE_URL }: { CLICKHOUSE_URL: string; DATABASE_URL: string }) {
  return createContext({ clickhouseUrl: CLICKHOUSE_URL, databaseUrl: DATABASE_URL, otlpUrl, parts: [] });
}

/** Waits until charts cover all of the traffic. */
async function untilCaughtUp({ trends }: Context, { project, fromMs, days }: Traffic, signal: AbortSignal): Promise<void> {
  const window = { from: `${fromMs}000000`, to: `${fromMs + (days + 1) * DAY_MS}000000` };
  while ((await trends.behind(project, window)) > 0) await sleep(ASK_EVERY_MS, undefined, { signal });
}
