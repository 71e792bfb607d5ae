import { join } from "node:path";
import { calledOffBy, openBenchPlace, settled, startBenchStack } from "../benchStack.ts";
import { expectedSpans } from "../expectedSpans.ts";
import { runLoadgen } from "../loadgenProcess.ts";
import { type Load, loadFlags, saturate } from "../saturate.ts";
import { sideBySide } from "../sideBySide.ts";
import { measureEngineLimit } from "./engineLimit.ts";
import { figuresOf, type IngestFigures } from "./ingestFigures.ts";
import { measurePlainIngest } from "./plainIngest.ts";
import { measureReadability } from "./readability.ts";

/** The half-load run takes half as long as the full-load run, and at least this long. */
const HALF_SECONDS_MIN = 2;

/** The load, its duration, and the table that it goes into. */
export interface IngestOptions extends Load {
  textIndex: boolean;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Runs the whole measurement of one payload on a stack of its own, and leaves nothing behind. */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const { signal, note } = options;
  using place = await openBenchPlace();
  await using stack = await startBenchStack(place, { note, signal });
  const calledOff = calledOffBy(signal, stack);
  const { dataDir } = place.config;
  const { store } = stack;
  if (options.textIndex) await store.addTextIndexes();

  note("Saturated …");
  const logs = { saturated: join(dataDir, "saturated.log"), half: join(dataDir, "half.log") };
  const saturated = await saturate(stack, options, logs.saturated, calledOff);
  const { spansPerSecond } = saturated;

  note(`${Math.round(spansPerSecond)} spans/s. Half of it …`);
  const halfSeconds = Math.max(HALF_SECONDS_MIN, Math.round(options.seconds / 2));
  const rate = Math.max(1, Math.round(spansPerSecond / 2));
  const probes = { durationMs: halfSeconds * 1_000, bytesPerSpan: options.bytesPerSpan, seed: 1 };
  const [half, readability] = await sideBySide(
    calledOff,
    (until) => runLoadgen({ ...loadFlags(stack, options), duration: halfSeconds, rate, log: logs.half }, until),
    (until) => measureReadability(stack.otlpUrl, store, { ...probes, signal: until }),
  );
  await settled(stack, calledOff);

  note("Comparing with the client's log …");
  for (const log of Object.values(logs)) await store.keepAcknowledged(expectedSpans(log, { withText: false }));
  const comparison = await store.compareAcknowledged({ withText: false, final: false });

  note("The engine alone …");
  const engine = await measureEngineLimit(store, dataDir, calledOff);
  note("protobufjs and JSONEachRow …");
  const { form, seed, spansPerTrace, spansPerRequest, dialects, templates } = saturated.report;
  const payload = { form, seed, spansPerTrace, spansPerRequest, dialects, templates, bytesPerSpan: options.bytesPerSpan };
  const plain = await measurePlainIngest(store, payload, { durationMs: halfSeconds * 1_000, signal: calledOff });
  return figuresOf({ saturated, half, readability, comparison, engine, plain });
}
