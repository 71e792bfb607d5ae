import { randomInt } from "node:crypto";
import type { CommandOutput } from "../../commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { PAYLOADS, type PayloadName } from "../payloads.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { type ChaosFigures, measureChaos } from "./chaos/measureChaos.ts";
import type { IngestFigures } from "./ingestFigures.ts";
import { measureIngest } from "./measureIngest.ts";

/** The flags of `signalbox bench ingest`. */
interface BenchIngestFlags {
  seconds: number;
  heavy?: boolean;
  light?: boolean;
  textIndex?: boolean;
  dialects: readonly string[];
  connections: number;
  chaos?: boolean;
  kills: number;
  spans: number;
  killEvery: number;
  downSeconds: number;
  seed?: number;
}

/** `signalbox bench ingest`: 0 when nothing was lost, altered or stored twice (and reconciliation agrees), else 1. */
export const benchIngest: Act<BenchIngestFlags> = async ({ output, flags }) => {
  const measure = flags.chaos === true ? measuredChaos : measuredIngest;
  return untilInterrupted((signal) => measure(output, flags, signal));
};

async function measuredIngest(output: CommandOutput, flags: BenchIngestFlags, signal: AbortSignal): Promise<ExitCode> {
  const { seconds, connections, textIndex = false, dialects } = flags;
  const wanted = (["heavy", "light"] as const).filter((name) => flags[name] === true || (!flags.heavy && !flags.light));
  const report: Partial<Record<PayloadName, IngestFigures>> = {};
  for (const name of wanted) {
    output.note(`${name}:`);
    const options = { ...PAYLOADS[name], seconds, connections, textIndex, dialects: dialects.join(","), signal };
    report[name] = await measureIngest({ ...options, note: (line) => output.note(`  ${line}`) });
  }
  output.result(report, () => ingestText(report));
  return Object.values(report).every(({ lost, duplicated }) => lost === 0 && duplicated === 0) ? EXIT.pass : EXIT.failed;
}

async function measuredChaos(output: CommandOutput, flags: BenchIngestFlags, signal: AbortSignal): Promise<ExitCode> {
  const { kills, spans, killEvery, downSeconds, seed = randomInt(2 ** 32) } = flags;
  const size = { kills, spans, intervalMs: killEvery * 1_000, downMs: downSeconds * 1_000 };
  const chaos = await measureChaos({ ...size, seed, signal, note: (line) => output.note(line) });
  output.result({ chaos }, () => chaosText(chaos));
  const isWhole = chaos.lost === 0 && chaos.duplicated === 0 && chaos.altered === 0;
  return isWhole && chaos.reconciliationAgrees ? EXIT.pass : EXIT.failed;
}

/** The figures for people: a column for each payload. */
function ingestText(report: Partial<Record<PayloadName, IngestFigures>>): string {
  const figures = Object.values(report);
  const row = (name: string, value: (of: IngestFigures) => string | number | null): string[] => [
    name,
    ...figures.map((of) => String(value(of) ?? "-")),
  ];
  return textTable([
    ["", ...Object.keys(report)],
    row("spans/s, stored and merged", ({ spansPerSecond }) => spansPerSecond.toLocaleString("en-US")),
    row("of the engine alone", ({ ofEngineLimit }) => ofEngineLimit),
    row("against JSONEachRow", ({ versusJsonEachRow }) => `${versusJsonEachRow}×`),
    row("acknowledged, p50 / p99 ms", ({ ackMsP50, ackMsP99 }) => `${ackMsP50} / ${ackMsP99}`),
    row("  at half load", ({ ackMsP50HalfLoad, ackMsP99HalfLoad }) => `${ackMsP50HalfLoad} / ${ackMsP99HalfLoad}`),
    row("readable after, p50 / p99 ms", ({ readableMsP50, readableMsP99 }) => `${readableMsP50} / ${readableMsP99}`),
    row("lost", ({ lost }) => lost),
    row("stored twice", ({ duplicated }) => duplicated),
    row("disk per byte of OTLP", ({ diskPerOtlpByte }) => diskPerOtlpByte),
    row("  with all tables", ({ diskPerOtlpByteOfAllTables }) => diskPerOtlpByteOfAllTables),
    row("CPU µs/span, collector", ({ cpuMicrosecondsPerSpan }) => cpuMicrosecondsPerSpan.collector),
    row("CPU µs/span, store", ({ cpuMicrosecondsPerSpan }) => cpuMicrosecondsPerSpan.clickhouse),
    row("CPU µs/span, generator", ({ cpuMicrosecondsPerSpan }) => cpuMicrosecondsPerSpan.loadgen),
    row("the wall", ({ wall }) => wall),
  ]);
}

function chaosText({ kills, acts, recoveryMs, requests, errors, ...chaos }: ChaosFigures): string {
  const recovery = ({ p50, p99, max }: ChaosFigures["recoveryMs"]["collector"]): string => `p50 ${p50} ms · p99 ${p99} ms · max ${max} ms`;
  return textTable([
    ["kills", `collector ${kills.collector} · store ${kills.clickhouse}`],
    ["store", `stood still ${acts.freeze} times · slow ${acts.slow} · out of reach ${acts.down}`],
    ["the collector's clock", `set ${acts.clock} times`],
    ["spans acknowledged", chaos.acknowledged.toLocaleString("en-US")],
    ["lost", String(chaos.lost)],
    ["stored twice", String(chaos.duplicated)],
    ["altered", String(chaos.altered)],
    ["reconciliation", agreementText(chaos)],
    [
      "requests sent again",
      `${requests.sentAgain} after a failure · ${requests.sentTwice} after an acknowledgement · ${requests.updated} as updates`,
    ],
    [
      "errors",
      Object.entries(errors)
        .map(([code, times]) => `${code} × ${times}`)
        .join(" · ") || "none",
    ],
    ["collector back after", recovery(recoveryMs.collector)],
    ["store back after", recovery(recoveryMs.clickhouse)],
    ["seed", String(chaos.seed)],
  ]);
}

function agreementText({ reconciliationAgrees, reconciliation }: Pick<ChaosFigures, "reconciliationAgrees" | "reconciliation">): string {
  const { accepted, deduplicated, readable, missing } = reconciliation;
  const counts = `accepted ${accepted} · replaced ${deduplicated} · missing ${missing ?? "unknown"} · readable ${readable}`;
  return `${reconciliationAgrees ? "agrees" : "DISAGREES"}: ${counts}`;
}
