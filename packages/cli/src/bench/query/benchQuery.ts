import { countText } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { rounded } from "../rounded.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { type Asked, type Latency, worstMsP95 } from "./askQuestions.ts";
import { measureQueries, type QueryFigures } from "./measureQueries.ts";
import type { QuestionKind } from "./questions.ts";

/** The flags of `signalbox bench query`. */
interface BenchQueryFlags {
  spans: number;
  textIndex?: boolean;
  runs: number;
  seed: number;
}

/** `signalbox bench query`: 0 when every query was answered. */
export const benchQuery: Act<BenchQueryFlags> = ({ output, flags }) =>
  untilInterrupted(async (signal) => {
    const { spans, textIndex = false, runs, seed } = flags;
    const figures = await measureQueries({
      ...{ spans, textIndex, runs, seed, signal },
      note: (line) => output.note(line),
      startProgress: (label, total) => startProgress(output, label, total),
    });
    output.result(documentOf(figures), () => queryText(figures));
    return EXIT.pass;
  });

/** The top-level figures, on which scripts rely, are those of an idle machine; `whileIngesting` has the same ones under load. */
function documentOf({ idle, whileIngesting, ...figures }: QueryFigures) {
  const { spans, ...more } = figures;
  return {
    spans,
    ...headlines(idle),
    whileIngesting: headlines(whileIngesting),
    procedureAddsMs: rounded(procedureAddsMs(idle), 1),
    ...more,
    queries: { idle, whileIngesting },
  };
}

function headlines(asked: readonly Asked[]) {
  const of = (kind: QuestionKind): number => worstMsP95(asked, kind);
  return { listMsP95: of("list"), traceMsP95: of("trace"), chartMsP95: of("chart"), textMsP95: of("text") };
}

/** The most that a procedure adds to the store's latency, at the 95th percentile. */
function procedureAddsMs(asked: readonly Asked[]): number {
  return Math.max(...asked.map(({ store, procedure }) => procedure.msP95 - store.msP95));
}

function queryText({ spans, storage, storedInSeconds, halfSpeedSpansPerSecond, idle, whileIngesting }: QueryFigures): string {
  const cell = ({ msP50, msP95, overloaded }: Latency): string => `${msP50} / ${msP95}${overloaded > 0 ? ` (${overloaded} gave up)` : ""}`;
  const cells = ({ store, procedure }: Asked): string[] => [cell(store), cell(procedure)];
  const rows = idle.map((asked, index) => [asked.name, ...cells(asked), ...cells(whileIngesting[index] ?? asked)]);
  return textTable([
    [`${countText(spans)} spans`, `stored in ${storedInSeconds} s, ${Math.round(storage.bytes / storage.rows)} bytes each`],
    ["p50 / p95 ms", "store, idle", "procedure, idle", `store, ${halfSpeedSpansPerSecond} spans/s`, "procedure"],
    ...rows,
  ]);
}
