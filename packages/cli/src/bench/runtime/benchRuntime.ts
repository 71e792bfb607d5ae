import { EXIT, type ExitCode } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { killRows } from "./kills/killRows.ts";
import { measureKills } from "./kills/measureKills.ts";
import { measureSpike, measureSustained, type RunOptions, type SustainedFigures } from "./measureRuntime.ts";
import { hasRedis, noRedis, REDIS_DURABILITY } from "./ownRedis.ts";
import { brokenPromises, type QueueStore, type StoreRuns } from "./runtimeLimits.ts";

/** The flags of `signalbox bench runtime`. */
interface BenchRuntimeFlags {
  seconds: number;
  store?: QueueStore;
  allOn: boolean;
  spikeSeconds: number;
  kills: number;
  tasksAtOnce: number;
  connections: number;
  seed: number;
}

/** The measurements with the queue in one store, and the promises that they break; null was not requested. */
type StoreFigures = StoreRuns & {
  tasksPerMinute: number;
  tasksPerMinuteAllOn: number | null;
  admitMsP95: number | null;
  lost: number;
  doubled: number;
  durability: string;
  broken: string[];
};

/** All decisions are in PostgreSQL, wherever the queue is. */
const POSTGRES_DURABILITY = "PostgreSQL synchronous_commit on";

/** `signalbox bench runtime`: 0 when every promise is kept that runs of this length can test, else 1. */
export const benchRuntime: Act<BenchRuntimeFlags> = async ({ output, flags }) =>
  untilInterrupted(async (signal): Promise<ExitCode> => {
    const { store, seconds, connections, tasksAtOnce, seed } = flags;
    if (store === "redis" && !hasRedis()) throw noRedis();
    const wanted: QueueStore[] = store === undefined ? ["postgres", ...(hasRedis() ? (["redis"] as const) : [])] : [store];
    if (store === undefined && !hasRedis()) output.note("Without Redis: there is no redis-server on the PATH.");
    const report: Partial<Record<QueueStore, StoreFigures>> = {};
    for (const name of wanted) {
      const note = (line: string): void => output.note(`${name}: ${line}`);
      const options = { ...{ store: name, isAllOn: false, seconds, connections, tasksAtOnce, seed }, note, signal };
      report[name] = await measureStore(options, flags);
    }
    const document = { postgres: report.postgres ?? null, redis: report.redis ?? null };
    const broken = Object.entries(report).flatMap(([name, of]) => of.broken.map((sentence) => `${name}, ${sentence}`));
    output.result(document, () => [runtimeText(report), ...broken].join("\n"));
    return broken.length === 0 ? EXIT.pass : EXIT.failed;
  });

async function measureStore(options: RunOptions, { allOn, spikeSeconds, kills }: BenchRuntimeFlags): Promise<StoreFigures> {
  const sustained = await measureSustained(options);
  const everything = allOn ? await measureSustained({ ...options, isAllOn: true }) : null;
  const spike = spikeSeconds === 0 ? null : await measureSpike({ ...options, seconds: spikeSeconds });
  const killed = kills === 0 ? null : await measureKills({ ...options, kills });
  const measured: StoreRuns = { sustained, allOn: everything, spike, kills: killed };
  const runs = Object.values(measured).filter((figures) => figures !== null);
  const sum = (of: (figures: { lost: number; doubled: number }) => number): number =>
    runs.reduce((total, figures) => total + of(figures), 0);
  return {
    tasksPerMinute: sustained.tasksPerMinute,
    tasksPerMinuteAllOn: everything?.tasksPerMinute ?? null,
    admitMsP95: spike?.admitMsP95 ?? null,
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    durability: options.store === "redis" ? `${POSTGRES_DURABILITY}; Redis ${REDIS_DURABILITY}` : POSTGRES_DURABILITY,
    broken: brokenPromises(options.store, measured, { seconds: options.seconds, spikeSeconds, kills }),
    ...measured,
  };
}

/** The figures for people: a column for each store of the queue. */
function runtimeText(report: Partial<Record<QueueStore, StoreFigures>>): string {
  const figures = Object.values(report);
  const row = (name: string, value: (of: StoreFigures) => string | number | null | undefined): string[] => [
    name,
    ...figures.map((of) => String(value(of) ?? "-")),
  ];
  const count = (value: number | null | undefined): string | undefined => value?.toLocaleString("en-US");
  const cpu = ({ cpuMsPerTask: { gateway, worker, generator, rest } }: SustainedFigures): string =>
    `${gateway} · ${worker} · ${generator} · ${rest}`;
  return textTable([
    ["the queue is in", ...Object.keys(report)],
    row("tasks/min", ({ tasksPerMinute }) => count(tasksPerMinute)),
    row("  with telemetry delivered", ({ tasksPerMinuteAllOn }) => count(tasksPerMinuteAllOn)),
    row("accepted / done / dead", ({ sustained: { accepted, done, dead } }) => `${accepted} / ${done} / ${dead}`),
    row("lost", ({ lost }) => lost),
    row("effects other than once", ({ doubled }) => doubled),
    row("chains verified / broken", ({ sustained: { chainsVerified, brokenChains } }) => `${chainsVerified} / ${brokenChains}`),
    row("CPU ms a task: gateway · worker · generator · rest", ({ sustained }) => cpu(sustained)),
    row("  with telemetry delivered", ({ allOn }) => (allOn === null ? null : cpu(allOn))),
    row("worker MB, at half time / at the end", ({ sustained: { residentMb } }) => residentMb.worker.join(" / ")),
    row("spike: admitted, p95 / p99 ms", ({ spike }) => (spike === null ? null : `${spike.admitMsP95} / ${spike.admitMsP99}`)),
    row("  backlog at most, gone after", ({ spike }) => (spike === null ? null : `${spike.backlogMax}, ${spike.drainSeconds} s`)),
    ...killRows.map(([name, value]) => row(name, ({ kills }) => (kills === null ? null : value(kills)))),
    row("a core seals decisions/s", ({ sustained: { calibration } }) => count(calibration.sealedDecisionsPerSecond)),
  ]);
}
