import {
  type DatasetItem,
  type EvalResult,
  type EvalRun,
  type EvalScore,
  exampleOfContent,
  LangSmithExample,
  langSmithStruct,
  stableId,
} from "@signalbox/model";

const HASH_DIGITS = 12;
const RUN_DIGITS = 8;

/**
 * The name of a version's dataset in LangSmith. It contains the hash, so
 * that the same items have the same dataset, wherever they come from.
 */
export function datasetNameOf({ dataset, datasetHash }: Pick<EvalRun, "dataset" | "datasetHash">): string {
  return `${dataset.replace(/@(\d+)$/, " v$1")} ${datasetHash.slice(0, HASH_DIGITS)}`;
}

/** The name of a run's experiment, which must be unique although names of runs need not be. */
export function experimentNameOf({ id, name }: Pick<EvalRun, "id" | "name">): string {
  return `${name} ${id.slice(-RUN_DIGITS)}`;
}

/**
 * The id of an item's example in a LangSmith dataset: from its content, and the number of equal
 * items before it. Another project or installation with the same version gets the same ids.
 */
export function exampleIdOf(datasetId: string, { hash }: Pick<DatasetItem, "hash">, before: number): string {
  return stableId("langsmith example", datasetId, hash, String(before));
}

/** An item as an example. Its own id is in the metadata. */
export function exampleOf(datasetId: string, id: string, item: DatasetItem) {
  const { inputs, outputs, metadata } = LangSmithExample.parse(exampleOfContent(item));
  return {
    ...{ id, dataset_id: datasetId, inputs: inputs ?? {} },
    ...(outputs ? { outputs } : {}),
    metadata: { ...metadata, signalbox_item: item.id },
  };
}

/** Identifies the experiment of an export. `startedAt` is when it was created there, ISO 8601. */
export interface ExperimentPlace {
  readonly name: string;
  readonly id: string;
  readonly startedAt: string;
}

/** LangSmith orders the runs of a trace by a text of their start, to the microsecond, and their id. */
const orderOf = (startedAt: string, id: string): string => `${startedAt.replaceAll(/[-:.]/g, "").replace("Z", "000Z")}${id}`;

/**
 * A try as a root run of its experiment, whose id is part of the run's, so that it is unique. The
 * time of a try is not stored, so the run begins when its experiment was created there, a millisecond
 * later for each trial; its latency is real. The metadata names the trace that shows the try.
 */
export function runOf(run: EvalRun, result: EvalResult, experiment: ExperimentPlace, exampleId: string | undefined) {
  const { itemId, trial, input, output, error, latencyMs, traceId, costUsd, tokens } = result;
  const id = stableId("langsmith run", experiment.id, itemId, String(trial));
  const startedAt = Date.parse(experiment.startedAt) + trial;
  const start = new Date(startedAt).toISOString();
  const metadata = { signalbox_run: run.id, signalbox_item: itemId, trial, signalbox_trace: traceId, cost_usd: costUsd, tokens };
  return {
    ...{ id, trace_id: id, dotted_order: orderOf(start, id), name: "try", run_type: "chain", project_name: experiment.name },
    ...{ start_time: start, end_time: new Date(startedAt + Math.round(latencyMs)).toISOString() },
    ...{ inputs: langSmithStruct(input, "input"), outputs: output === null ? {} : langSmithStruct(output, "output") },
    ...(error === null ? {} : { error }),
    ...(exampleId === undefined ? {} : { reference_example_id: exampleId }),
    extra: { metadata: Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null)) },
  };
}

/** A score as feedback on its try's run. */
export function feedbackOf(runId: string, startedAt: string, experiment: ExperimentPlace, { name, value, explanation, judge }: EvalScore) {
  return {
    ...{ feedbackId: stableId("langsmith feedback", runId, name), runId, traceId: runId, sessionId: experiment.id, startTime: startedAt },
    ...{ key: name, score: value, feedbackSourceType: judge === undefined ? ("api" as const) : ("model" as const) },
    ...(explanation === "" ? {} : { comment: explanation }),
  };
}
