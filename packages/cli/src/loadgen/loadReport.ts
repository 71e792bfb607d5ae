import { countText } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";
import type { LoadTally } from "./runLoad.ts";
import type { Payload } from "./templates/payload.ts";

/** The results of a run of the generator, as `--json` prints them. Times are in milliseconds unless their name says otherwise. */
export interface LoadReport extends Omit<Payload, "bytesPerSpan"> {
  endpoint: string;
  protocol: string;
  connections: number;
  /** The requested spans per second; null for as many as the server accepts. */
  rate: number | null;
  bytesPerSpan: number;
  durationMs: number;
  spansPerSecond: number;
  bytesPerSecond: number;
  requests: LoadTally["requests"];
  spans: LoadTally["spans"];
  ackMsP50: number;
  ackMsP90: number;
  ackMsP99: number;
  ackMsP999: number;
  ackMsMax: number;
  errors: LoadTally["errors"];
  /** The generator's own processor time; null where nothing was acknowledged. */
  cpuMicrosecondsPerSpan: number | null;
}

/** The requested load, and the measurements around the run. */
export interface LoadRun extends Pick<LoadReport, "endpoint" | "protocol" | "connections" | "rate" | "bytesPerSpan" | "durationMs"> {
  payload: Payload;
  cpuMicroseconds: number;
}

export function loadReport(tally: LoadTally, { payload, cpuMicroseconds, ...run }: LoadRun): LoadReport {
  const { requests, spans, ackLatency, errors, bytesAcknowledged } = tally;
  const perSecond = (count: number): number => Math.round(count / (run.durationMs / 1_000));
  const ackMs = (quantile: number): number => rounded(ackLatency.quantileMs(quantile), 2);
  return {
    ...payload,
    ...run,
    bytesPerSpan: rounded(run.bytesPerSpan, 1),
    durationMs: Math.round(run.durationMs),
    spansPerSecond: perSecond(spans.acknowledged),
    bytesPerSecond: perSecond(bytesAcknowledged),
    requests,
    spans,
    ackMsP50: ackMs(0.5),
    ackMsP90: ackMs(0.9),
    ackMsP99: ackMs(0.99),
    ackMsP999: ackMs(0.999),
    ackMsMax: rounded(ackLatency.maxMs, 2),
    errors,
    cpuMicrosecondsPerSpan: spans.acknowledged === 0 ? null : rounded(cpuMicroseconds / spans.acknowledged, 2),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The report for people. */
export function loadText(report: LoadReport): string {
  const { spans, errors } = report;
  const rows = [
    ["spans acknowledged", `${countText(spans.acknowledged)} of ${countText(report.requests.sent * report.spansPerRequest)}`],
    ["rate", `${countText(report.spansPerSecond)} spans/s · ${countText(report.bytesPerSecond / 1_000_000)} MB/s`],
    [
      "acknowledged within",
      `p50 ${report.ackMsP50} ms · p99 ${report.ackMsP99} ms · p99.9 ${report.ackMsP999} ms · max ${report.ackMsMax} ms`,
    ],
    ["rejected", countText(spans.rejected)],
    ["never acknowledged", countText(spans.unacknowledged)],
    [
      "errors",
      Object.entries(errors)
        .map(([code, times]) => `${code} × ${countText(times)}`)
        .join(" · ") || "none",
    ],
    ["cost of the generator", report.cpuMicrosecondsPerSpan === null ? "-" : `${report.cpuMicrosecondsPerSpan} µs of CPU per span`],
    [
      "payload",
      `${report.bytesPerSpan} B/span · ${report.form === "otlp" ? report.dialects.join(", ") : report.form} · seed ${report.seed}`,
    ],
  ];
  return textTable(rows);
}
