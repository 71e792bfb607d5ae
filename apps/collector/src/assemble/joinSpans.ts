import type { FindRuns, RunPartStore, StoredRun } from "@signalbox/db/clickhouse";
import {
  decodeSpans,
  faultsOfTraces,
  isSpanOfRun,
  type OtlpSpan,
  plainBody,
  type RunOperation,
  runOfSpan,
  startUsOf,
  tracesInProtobuf,
} from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import type { Intake } from "../rules/index.ts";
import { type AssembledRuns, KeptRuns, type PartTally, withoutBody } from "./keptRuns.ts";

/** What came of a request: it goes on as it came, or in its place some of its spans and runs that were put together again. */
export type Joined = { kind: "as_it_came"; record: JournalRecord } | { kind: "runs"; runs: AssembledRuns };

/** Whether spans in this record may be runs that came by LangSmith's own routes too: its clients' `hybrid` mode sends each run both ways. */
export function mayTellRunsAgain({ kind, source }: JournalRecord): boolean {
  return kind === "otlp_traces" && source === "langsmith_otel";
}

/**
 * Takes the spans of LangSmith's OpenTelemetry mode in one range of the journal. One that is a run which has its span already becomes a part
 * of that run, which is put together again; all others go on. The client gives both ids of their own and tells neither the other's, so a run
 * is known by its name and the microsecond in which it began. It sends a run over OpenTelemetry after the other way has been acknowledged:
 * `findRuns` must see everything of this range and of those before it. Records of other sources are passed over.
 */
export async function* joinSpans(
  records: readonly JournalRecord[],
  rangeToken: string,
  { runParts, findRuns }: { runParts: RunPartStore; findRuns: FindRuns },
  intake: Intake,
  tally: PartTally,
): AsyncGenerator<Joined> {
  const runs = new KeptRuns(`${rangeToken}:joined`, runParts, intake, tally);
  for (const record of records.filter(mayTellRunsAgain)) {
    const { project } = record;
    const { quietRedactor } = intake.of(project);
    const spans = readSpans(record);
    const starts = spans.filter(({ isOfRun }) => isOfRun).map(({ span }) => startUsOf(span));
    const stored = byPlace(starts.length === 0 ? [] : await findRuns(project, starts));
    const others: OtlpSpan[] = [];
    let joined = 0;
    for (const { span, isOfRun } of spans) {
      const runId = isOfRun
        ? stored.get(placeOf({ name: quietRedactor?.text(span.name) ?? span.name, startUs: startUsOf(span) }))
        : undefined;
      if (runId !== undefined && (await runs.keep(record, { kind: "otel", runId, fields: runOfSpan(span) }))) joined += 1;
      else others.push(span);
    }
    if (joined === 0) {
      yield { kind: "as_it_came", record };
      continue;
    }
    tally.countJournaled(record, joined);
    yield { kind: "runs", runs: { record: withoutBody(record), spans: others, logRecords: [], unreadable: [], fate: "journaled" } };
  }
  for await (const again of runs.assembled()) yield { kind: "runs", runs: again };
}

/** The spans of a request; none where it cannot be read, which whoever takes it as it came will say. */
function readSpans({ body, compression, encoding, receivedAtUs }: JournalRecord): { span: OtlpSpan; isOfRun: boolean }[] {
  try {
    const plain = plainBody(body, compression);
    const spans = decodeSpans(plain, encoding);
    if (!spans.some(isSpanOfRun)) return [];
    const faults = faultsOfTraces(tracesInProtobuf(plain, encoding), receivedAtUs);
    return spans.map((span, place) => ({ span, isOfRun: faults[place] === null && isSpanOfRun(span) }));
  } catch {
    return [];
  }
}

function byPlace(stored: readonly StoredRun[]): Map<string, RunOperation["runId"]> {
  return new Map(stored.map((run) => [placeOf(run), run.runId]));
}

function placeOf({ name, startUs }: Pick<StoredRun, "name" | "startUs">): string {
  return `${startUs} ${name}`;
}
