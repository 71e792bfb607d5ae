import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import type { Act } from "../commandLine/verb.ts";
import { AckLog } from "./ackLog.ts";
import { Disorder, HELD_MAX } from "./disorder.ts";
import { loadReport, loadText } from "./loadReport.ts";
import { closedLoop, openLoop, type Pace } from "./pace.ts";
import { formOf, type LoadProtocol, loadProtocol } from "./protocols/protocols.ts";
import { newTally, runLoad } from "./runLoad.ts";
import { seededRandom } from "./spans/seededRandom.ts";
import type { SpanDialectName } from "./spans/spanDialects.ts";
import { type Payload, templatesFor } from "./templates/payload.ts";
import { RequestTemplates } from "./templates/requestTemplates.ts";

/** The default size of a request, similar to an SDK's batch. */
const REQUEST_BYTES = 53_000;

/** The flags of `signalbox loadgen`. */
interface LoadgenFlags {
  endpoint: string;
  protocol: LoadProtocol;
  spansPerTrace: number;
  bytesPerSpan: number;
  spansPerRequest?: number;
  dialects: [SpanDialectName, ...SpanDialectName[]];
  rate?: number;
  duration: number;
  spans?: number;
  connections: number;
  disorder: number;
  updates: number;
  header: Record<string, string>;
  seed?: number;
  log?: string;
}

/** `signalbox loadgen`: 0 when something was acknowledged, else 4. */
export const loadgen: Act<LoadgenFlags> = async ({ output, flags }) => {
  const endpoint = endpointOf(flags.endpoint);
  const { makeTemplate, open } = await loadProtocol(flags.protocol);
  const payload = payloadOf(flags);
  const templates = new RequestTemplates(payload, makeTemplate);
  using log = flags.log === undefined ? undefined : openLog(flags.log, payload);
  const tally = newTally();
  const clock = (): number => performance.now();

  const stop = new AbortController();
  using asked = onStopRequest(() => process.exit(EXIT.infrastructure));
  asked.requested.then(() => stop.abort());
  const ended = new AbortController();
  sleep(flags.duration * 1_000, undefined, { signal: ended.signal }).then(
    () => stop.abort(),
    () => {},
  );
  const cpuBefore = process.cpuUsage();
  const startedAt = clock();
  const requestsMax = flags.spans === undefined ? Number.POSITIVE_INFINITY : Math.ceil(flags.spans / payload.spansPerRequest);
  const openConnection = () => open(endpoint, flags.header);
  const disorder = new Disorder(flags.disorder / 100, seededRandom(payload.seed), flags.updates / 100);
  const run = {
    templates,
    openConnection,
    disorder,
    connections: flags.connections,
    pace: paceOf(flags, payload, clock),
    requestsMax,
    clock,
  };
  using _progress = showProgress(output, flags.duration, () => clock() - startedAt);
  await runLoad({ ...run, onAcknowledged: (request) => log?.add(request) }, tally, stop.signal);
  ended.abort();

  const { user, system } = process.cpuUsage(cpuBefore);
  const report = loadReport(tally, {
    payload,
    endpoint: flags.endpoint,
    protocol: flags.protocol,
    connections: flags.connections,
    rate: flags.rate ?? null,
    bytesPerSpan: templates.bytesPerSpan,
    durationMs: clock() - startedAt,
    cpuMicroseconds: user + system,
  });
  output.result(report, () => loadText(report));
  if (tally.requests.acknowledged === 0) output.note(`Nothing was acknowledged. Is there an OpenTelemetry back end at ${flags.endpoint}?`);
  return tally.requests.acknowledged > 0 ? EXIT.pass : EXIT.infrastructure;
};

function endpointOf(text: string): URL {
  if (URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol)) return new URL(text);
  throw new AppError("invalid_input", `--endpoint is a URL that starts with http:// or https://, not "${text}".`);
}

function payloadOf({ protocol, seed, spansPerTrace, bytesPerSpan, dialects, connections, ...flags }: LoadgenFlags): Payload {
  const form = formOf(protocol);
  if (form === "langsmith" && flags.updates > 0)
    throw new AppError("invalid_input", "--updates is for OTLP: a LangSmith run is updated by its parts.");
  const wanted = flags.spansPerRequest ?? Math.max(1, Math.round(REQUEST_BYTES / bytesPerSpan));
  // LangSmith's order of the runs of a trace contains the times of their ancestors, so its requests hold whole traces.
  const spansPerRequest = form === "langsmith" ? Math.ceil(wanted / spansPerTrace) * spansPerTrace : wanted;
  const shape = { form, seed: seed ?? randomInt(2 ** 32), spansPerTrace, spansPerRequest, bytesPerSpan, dialects };
  return { ...shape, templates: templatesFor(shape, connections + HELD_MAX + 1) };
}

function openLog(path: string, payload: Payload): AckLog {
  try {
    return new AckLog(path, payload);
  } catch (cause) {
    throw new AppError("invalid_input", `The log ${path} cannot be written.`, { cause, hint: "Choose another file with --log." });
  }
}

function paceOf({ rate }: LoadgenFlags, { spansPerRequest }: Payload, clock: () => number): Pace {
  if (rate === undefined) return closedLoop(clock);
  return openLoop(
    { requestsPerSecond: rate / spansPerRequest },
    { clock, sleep: (ms, signal) => sleep(Math.ceil(ms), undefined, { signal }) },
  );
}

/** A bar of seconds, with the acknowledged spans so far in its label. */
function showProgress(output: CommandOutput, durationS: number, elapsedMs: () => number): Disposable {
  const progress = startProgress(output, "Sending, seconds", durationS);
  const timer = setInterval(() => progress.update(Math.min(durationS, Math.floor(elapsedMs() / 1_000))), 200);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      progress.stop();
    },
  };
}
