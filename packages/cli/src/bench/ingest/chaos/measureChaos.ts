import { join } from "node:path";
import type { LatencyHistogram } from "../../../loadgen/latencyHistogram.ts";
import type { LoadReport } from "../../../loadgen/loadReport.ts";
import { calledOffBy, openBenchPlace, settled, startBenchStack } from "../../benchStack.ts";
import { expectedSpans } from "../../expectedSpans.ts";
import { runLoadgen } from "../../loadgenProcess.ts";
import { sideBySide } from "../../sideBySide.ts";
import { type ChaosSize, chaosPlan, type Victim } from "./chaosPlan.ts";
import { smallJournalDisk } from "./journalDisk.ts";
import { type LedgerAgreement, ledgerAgreement } from "./ledgerAgreement.ts";
import { type ChaosResult, runChaosPlan } from "./runChaosPlan.ts";
import { openStoreProxy } from "./storeProxy.ts";

/** While the store is unreachable the journal fills up, and has to report that. */
const JOURNAL_BYTES = 48 * 1024 * 1024;

/** Heavy spans of one convention, so that content can be compared word by word. */
const LOAD = {
  "bytes-per-span": 2_648,
  "spans-per-request": 10,
  "spans-per-trace": 20,
  dialects: "otel",
  connections: 16,
  disorder: 3,
  updates: 5,
};

/** The load goes on a little longer than the plan. */
const LOAD_SHARE = 1.1;

/** The load ends by its own limit only, whatever happens. */
const DAY_S = 86_400;

/** The size of the load and of the disturbances, with their seed; `note` gets progress messages. */
export interface ChaosOptions extends ChaosSize {
  spans: number;
  seed: number;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Milliseconds from a kill until the part worked again. */
interface RecoveryMs {
  p50: number;
  p99: number;
  max: number;
}

/** The results of a chaos run. */
export interface ChaosFigures extends LedgerAgreement {
  seed: number;
  kills: ChaosResult["kills"];
  acts: Omit<ChaosResult["acts"], "kill">;
  /** The limit of the journal: its disk, or a setting. */
  journal: "disk" | "limit";
  acknowledged: number;
  lost: number;
  duplicated: number;
  altered: number;
  requests: LoadReport["requests"];
  errors: LoadReport["errors"];
  recoveryMs: Record<Victim, RecoveryMs>;
  durationMs: number;
}

/**
 * Sends spans while parts are killed and the store fails, and compares
 * every acknowledged span, by id and content, with what a reader finds.
 */
export async function measureChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const { kills, intervalMs, seed, spans, note } = options;
  const startedAt = performance.now();
  using place = await openBenchPlace();
  const { dataDir } = place.config;
  using journal = smallJournalDisk(dataDir, JOURNAL_BYTES);
  const clockFile = join(dataDir, "clock-shift");
  await using proxy = await openStoreProxy(place.clickhouseUrl);
  await using stack = await startBenchStack(place, {
    env: { ...journal.env, CLICKHOUSE_URL: proxy.url, SIGNALBOX_CLOCK_SHIFT_FILE: clockFile },
    note: () => {},
    signal: options.signal,
  });
  const signal = calledOffBy(options.signal, stack);

  note(`${kills} kills, ${spans} spans, seed ${seed} …`);
  const log = join(dataDir, "acknowledged.log");
  const rate = Math.ceil(spans / ((kills * intervalMs * LOAD_SHARE) / 1_000));
  const [report, chaos] = await sideBySide(
    signal,
    (until) => runLoadgen({ ...LOAD, endpoint: place.otlpUrl, seed, rate, spans, duration: DAY_S, log }, until),
    (until) => runChaosPlan(chaosPlan(seed, options), { stack, proxy, clockFile }, until),
  );

  note("Waiting until all of it is stored …");
  await settled(stack, signal);
  note("Comparing with the client's log …");
  await stack.store.keepAcknowledged(expectedSpans(log, { withText: true }));
  const { acknowledged, lost, doubled, altered } = await stack.store.compareAcknowledged({ withText: true, final: true });
  const agreement = await ledgerAgreement(stack.ledger, { ...report.spans, acknowledged }, Date.now());
  const { kill: _, ...acts } = chaos.acts;
  return {
    seed,
    kills: chaos.kills,
    acts,
    journal: journal.kind,
    acknowledged,
    lost: lost + Math.max(0, report.spans.acknowledged - acknowledged),
    duplicated: doubled,
    altered,
    ...agreement,
    requests: report.requests,
    errors: report.errors,
    recoveryMs: { collector: recoveryMs(chaos.recovery.collector), clickhouse: recoveryMs(chaos.recovery.clickhouse) },
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function recoveryMs(latency: LatencyHistogram): RecoveryMs {
  const ms = (quantile: number): number => Math.round(latency.quantileMs(quantile));
  return { p50: ms(0.5), p99: ms(0.99), max: ms(1) };
}
