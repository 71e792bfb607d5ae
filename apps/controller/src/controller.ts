import type { ClickHouseClient } from "@signalbox/db/clickhouse";
import { readUnits } from "@signalbox/db/gateEvidence";
import { type PrismaClient, requireTasks, storeNow } from "@signalbox/db/prisma";
import type { FindAsk } from "@signalbox/evals";
import { type Listener, openListener } from "@signalbox/listener";
import { collectorBacklog, type ToolService } from "@signalbox/model";
import type { Logger } from "pino";
import { Counter, Gauge, Registry } from "prom-client";
import { openAnnotationLoop } from "./annotations/annotationLoop.ts";
import { type CheckpointSigner, openCheckpointLoop } from "./checkpoints/checkpointLoop.ts";
import { type ExportTargets, openExportLoops } from "./checkpoints/exportLoop.ts";
import type { GithubConfig } from "./deliveryTools/github/githubConfig.ts";
import { type GatesAddress, openDeliveryTools } from "./deliveryTools/openDeliveryTools.ts";
import { openRunCopyLoop } from "./duplicateRuns/runCopyLoop.ts";
import { openEvaluationLoop } from "./evaluations/evaluationLoop.ts";
import { evaluationRoutes } from "./evaluations/evaluationRoutes.ts";
import { openExperimentLoop } from "./experiments/experimentLoop.ts";
import { gateRoutes } from "./gate/gateRoutes.ts";
import { openOnlineScoringLoops } from "./onlineScoring/onlineScoringLoops.ts";
import { openRedriveLoop } from "./redrive/redriveLoop.ts";
import { openIngestLoop } from "./rejectedTelemetry/ingestLoop.ts";
import { openRetentionLoop } from "./retention/retentionLoop.ts";
import { openRolloutLoop } from "./rollouts/rolloutLoop.ts";
import { rolloutMetrics } from "./rollouts/rolloutMetrics.ts";
import { openRollupLoop } from "./rollups/rollupLoop.ts";
import { openTailSamplingLoop } from "./sampling/tailSamplingLoop.ts";

/** How often the loop looks for finished traces to sample, in milliseconds. */
const TAIL_SAMPLING_PAUSE_MS = 5_000;

/** How often the loop looks for runs that LangSmith's client sent both ways, in milliseconds. */
const RUN_COPIES_PAUSE_MS = 5_000;

/** How often the loop looks for experiments of LangSmith's clients that are due, in milliseconds. */
const EXPERIMENTS_PAUSE_MS = 1_000;

/** How often the loop looks for people's labels that are not scores yet, in milliseconds. */
const ANNOTATIONS_PAUSE_MS = 2_000;

/** How often the loop looks for finished traces that rules score, in milliseconds. */
const ONLINE_SCORING_PAUSE_MS = 2_000;

/** How often the loop looks for expired telemetry, in milliseconds; retention is in days. */
const RETENTION_PAUSE_MS = 600_000;

/** How often the loop looks for checkpoints to export, in milliseconds. */
const CHECKPOINT_EXPORT_PAUSE_MS = 5_000;

/** The largest request body, in bytes: a thousand task ids fit. */
const BODY_MAX_BYTES = 256 * 1024;

/**
 * Dependencies of a controller. `clock` returns milliseconds since 1970; `tools` executes the expected actions of a task; the collector is
 * at `otlpUrl`; `findAsk` finds judges' models. Without a signer no checkpoints of the decision log are made.
 */
export type ControllerParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  tools: ToolService;
  otlpUrl: string;
  findAsk: FindAsk;
  clock: () => number;
  log: Logger;
  port: number;
  originPorts: readonly number[];
  evaluationsPauseMs: number;
  rollupsPauseMs: number;
  gates: GatesAddress | null;
  github: GithubConfig | null;
  rolloutsPauseMs: number;
  checkpoints: { signer: CheckpointSigner | null; pauseMs: number; targets: ExportTargets };
};

/** Starts the control loops and their HTTP listener. `close` ends both, the loops after the current round. */
export async function openController(parts: ControllerParts): Promise<Listener> {
  const { prisma, clickhouse, otlpUrl, findAsk, clock, log, port, originPorts, checkpoints } = parts;
  const { evaluationsPauseMs, rollupsPauseMs, rolloutsPauseMs } = parts;
  const metrics = new Registry();
  const evaluated = new Counter({
    name: "signalbox_controller_evaluations_total",
    help: "Finished tasks that were compared with their expectation, by outcome.",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  const judged = new Counter({
    name: "signalbox_controller_traces_judged_total",
    help: "Traces of projects with tail sampling that are over, by why they are kept; those called rest are not.",
    labelNames: ["project", "reason"],
    registers: [metrics],
  });
  const dropped = new Counter({
    name: "signalbox_controller_spans_dropped_total",
    help: "Spans that tail sampling took out of the store.",
    labelNames: ["project"],
    registers: [metrics],
  });
  const copies = new Counter({
    name: "signalbox_controller_run_copies_total",
    help: "Spans that told a LangSmith run a second time, over OpenTelemetry, and were taken out of the store.",
    labelNames: ["project"],
    registers: [metrics],
  });
  const folded = new Counter({
    name: "signalbox_controller_experiment_tries_total",
    help: "Tries of eval runs that were written from what LangSmith's clients sent of an experiment.",
    registers: [metrics],
  });
  const expired = new Counter({
    name: "signalbox_controller_rows_expired_total",
    help: "Rows that were older than their project keeps them and were deleted, by table.",
    labelNames: ["project", "table"],
    registers: [metrics],
  });
  const redriven = new Counter({
    name: "signalbox_controller_letters_redriven_total",
    help: "Dead letters whose turn came in a redrive.",
    registers: [metrics],
  });
  const ingestLetters = new Counter({
    name: "signalbox_controller_ingest_letters_total",
    help: "Dead letters that were made of telemetry which could not be taken in.",
    registers: [metrics],
  });
  const scored = new Counter({
    name: "signalbox_controller_traces_scored_total",
    help: "Tries to score a trace by a rule, by what became of it.",
    labelNames: ["project", "state"],
    registers: [metrics],
  });
  const rounds = new Counter({
    name: "signalbox_controller_rollup_rounds_total",
    help: "Rounds that brought the sums behind charts up to date, by whether more was waiting.",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  const newest = new Gauge({
    name: "signalbox_controller_checkpoint_number",
    help: "The last checkpoint of the decision log that this controller made.",
    registers: [metrics],
  });
  const refused = new Gauge({
    name: "signalbox_controller_checkpoint_news_refused",
    help: "News of erased entries of the decision log that no erasure took: somebody put it there.",
    registers: [metrics],
  });
  const deliveryTools = await openDeliveryTools({
    ...{ prisma, clock, log, metrics, http: fetch },
    gates: parts.gates,
    github: parts.github,
  });
  const listener = await openListener({
    port,
    originPorts,
    bodyMaxBytes: BODY_MAX_BYTES,
    log,
    metrics,
    isReady: async () => {
      const [, { success }] = await Promise.all([requireTasks(prisma), clickhouse.ping()]);
      return success;
    },
    routes: (app) => {
      evaluationRoutes(app, prisma);
      gateRoutes(app, clickhouse);
      deliveryTools.routes(app);
    },
  });
  const evaluations = openEvaluationLoop({ ...parts, pauseMs: evaluationsPauseMs, evaluated });
  const tailSampling = openTailSamplingLoop({
    ...{ prisma, clickhouse, log, judged, dropped },
    readableUntilMs: async () => (await collectorBacklog(otlpUrl)).readableUntilMs,
    pauseMs: TAIL_SAMPLING_PAUSE_MS,
  });
  const onlineScoring = openOnlineScoringLoops({
    ...{ prisma, clickhouse, findAsk, clock, log, outcomes: scored },
    readableUntilMs: async () => (await collectorBacklog(otlpUrl)).readableUntilMs,
    pauseMs: ONLINE_SCORING_PAUSE_MS,
  });
  const runCopies = openRunCopyLoop({ clickhouse, clock, log, pauseMs: RUN_COPIES_PAUSE_MS, copies });
  const experiments = openExperimentLoop({ prisma, clickhouse, clock, log, pauseMs: EXPERIMENTS_PAUSE_MS, folded });
  const annotations = openAnnotationLoop({ prisma, clickhouse, log, pauseMs: ANNOTATIONS_PAUSE_MS });
  const retention = openRetentionLoop({ prisma, clickhouse, clock, log, pauseMs: RETENTION_PAUSE_MS, expired });
  const rollups = openRollupLoop({ clickhouse, clock, log, pauseMs: rollupsPauseMs, rounds });
  const rollouts = openRolloutLoop({
    ...{ prisma, clock, log, pauseMs: rolloutsPauseMs, metrics: rolloutMetrics(metrics, clock) },
    now: () => storeNow(prisma),
    readUnits: (window, policy) => readUnits({ prisma, clickhouse }, window, policy),
    readableUntilMs: async () => (await collectorBacklog(otlpUrl)).readableUntilMs,
  });
  const { signer, pauseMs, targets } = checkpoints;
  if (signer === null) log.warn("no key is named for the decision log's checkpoints: none is made");
  const checkpointing = openCheckpointLoop({ prisma, signer, clock, log, pauseMs, newest, refused });
  const exporting = openExportLoops({ prisma, log, pauseMs: CHECKPOINT_EXPORT_PAUSE_MS, targets });
  const redrives = openRedriveLoop({ prisma, clock, log, redriven });
  const ingest = openIngestLoop({
    ...{ prisma, clickhouse, otlpUrl, clock, log, letters: ingestLetters },
    readableUntilMs: async () => (await collectorBacklog(otlpUrl)).readableUntilMs,
  });
  return {
    ...listener,
    close: async () => {
      await Promise.all([
        evaluations.close(),
        tailSampling.close(),
        ...onlineScoring.map((loop) => loop.close()),
        runCopies.close(),
        experiments.close(),
        annotations.close(),
        retention.close(),
        rollups.close(),
        rollouts.close(),
        checkpointing.close(),
        ...exporting.map((loop) => loop.close()),
        redrives.close(),
        ingest.close(),
        deliveryTools.close(),
        listener.close(),
      ]);
    },
  };
}
