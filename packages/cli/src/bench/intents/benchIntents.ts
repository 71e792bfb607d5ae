import { listDecisionsOf, type PrismaClient } from "@signalbox/db/prisma";
import { type Example, keepModel, modelFolder, trainIntentModel } from "@signalbox/intents";
import { countText, type Decision, newId, percentText, type Task, type TaskRequest } from "@signalbox/model";
import { EXIT, type ExitCode } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { runTasks } from "../../import/runTasks.ts";
import { ServiceClient } from "../../import/serviceClient.ts";
import { type IntentData, nameOf, readIntentData, readIntentFile } from "../../train/intentFiles.ts";
import { startRuntimeStack } from "../runtime/runtimeStack.ts";
import { WORLD } from "../runtime/taskSource.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { agentWorked, type IntentFigures, intentFigures } from "./intentFigures.ts";

/** The share of out-of-scope validation rows that the threshold refuses: eight of ten. */
const OUT_OF_SCOPE_REFUSED = 0.8;

const TASKS_AT_ONCE = 64;

/** The time without a finished task after which the run is given up. Milliseconds. */
const STALL_MS = 60_000;

/** The number of tasks whose decisions are read at a time. */
const LOGS_READ = 200;

/** The flags of `signalbox bench intents`. */
interface BenchIntentsFlags {
  test: string[];
  domain: string;
  plans: boolean;
  rows?: number;
  outOfScopeIntent: string;
  seed: number;
}

type BenchIntentsReport = IntentFigures & { version: string; domain: string; tasksPerSecond: number };

/**
 * `signalbox bench intents`: 0 when every task ended and was understood, some were answered,
 * and (unless the domain is said to have none) every answered intent has a plan; else 1.
 */
export const benchIntents: Act<BenchIntentsFlags> = ({ output, args, flags }) =>
  untilInterrupted(async (signal): Promise<ExitCode> => {
    const path = args[0] ?? "";
    const data = await readIntentData(path, flags.outOfScopeIntent);
    const tests = await Promise.all(flags.test.map((file) => readIntentFile(file, flags.outOfScopeIntent)));
    const rows = spread(tests.flat(), flags.rows);

    const { domain } = flags;
    let version = "";
    const prepare = async (dataDir: string) => {
      output.note(`Training on ${countText(data.training.length)} rows …`);
      version = await trainInto(dataDir, nameOf(path), data, flags.seed);
      return { SIGNALBOX_INTENT_MODEL: `${domain}=${version}` };
    };
    const note = (line: string): void => output.note(line);
    const kind = { store: "postgres", isAllOn: false, tasksAtOnce: TASKS_AT_ONCE } as const;
    await using stack = await startRuntimeStack({ ...kind, note, signal, prepare });
    output.note(`Sending ${countText(rows.length)} rows as tasks …`);

    const startedAt = performance.now();
    const tasks = rows.map(({ text }) => taskOf(text, domain));
    const gateway = new ServiceClient("gateway", stack.gatewayUrl, { patienceMs: STALL_MS, signal });
    const ended = await runTasks(gateway, tasks, { stallMs: STALL_MS, signal, onProgress: () => {} });
    const seconds = (performance.now() - startedAt) / 1_000;

    const logs = await logsOf(stack.prisma, [...ended.values()]);
    const played = rows.map(({ intent: expected }, index) => {
      const { id } = tasks[index] as { id: string };
      return { expected, status: (ended.get(id) as Task).status, decisions: logs.get(id) ?? [] };
    });
    const report = { version, domain, tasksPerSecond: Math.round(tasks.length / seconds), ...intentFigures(played) };
    output.result(report, () => intentsText(report, flags));
    return agentWorked(report, flags) ? EXIT.pass : EXIT.failed;
  });

/** A number of rows spread evenly over all: data sets are often sorted by intent. */
function spread(rows: readonly Example[], count = rows.length): Example[] {
  const wanted = Math.min(count, rows.length);
  return Array.from({ length: wanted }, (_, index) => rows[Math.floor((index * rows.length) / wanted)] as Example);
}

async function trainInto(dataDir: string, name: string, data: IntentData, seed: number): Promise<string> {
  const model = await trainIntentModel({ ...data, outOfScopeRefused: OUT_OF_SCOPE_REFUSED, seed, onProgress: async () => {} });
  return (await keepModel(modelFolder(dataDir), name, model)).version;
}

function taskOf(message: string, domain: string): { id: string; request: TaskRequest } {
  const id = newId();
  const request = { id, name: "a row", message, project: "default", domain, world: WORLD, planner: { kind: "rules" as const }, tags: [] };
  return { id, request };
}

async function logsOf(prisma: PrismaClient, tasks: readonly Task[]): Promise<Map<string, Decision[]>> {
  const logs = new Map<string, Decision[]>();
  for (let from = 0; from < tasks.length; from += LOGS_READ) {
    const ids = tasks.slice(from, from + LOGS_READ).map(({ id }) => id);
    for (const [id, decisions] of Map.groupBy(await listDecisionsOf(prisma, ids), ({ taskId }) => taskId)) logs.set(id, decisions);
  }
  return logs;
}

const percent = (share: number | null): string => (share === null ? "no rows" : percentText(share, 2));

function intentsText(
  { version, domain, tasksPerSecond, rows, tasks, intents, ...score }: BenchIntentsReport,
  flags: BenchIntentsFlags,
): string {
  const missing = intents.withoutPlan.length > 0 ? `; answered without one: ${intents.withoutPlan.join(", ")}` : "";
  return textTable([
    ["model", `${version}, in the domain ${domain}`],
    ["tasks", `${rows.inScope + rows.outOfScope}: ${tasks.done} done, ${tasks.dead} dead; ${tasksPerSecond} a second`],
    ["accuracy", `${percent(score.accuracy)} of the rows in scope are understood, abstention off`],
    ["at the threshold", `${percent(score.accuracyAtThreshold)} are answered rightly, ${percent(score.answeredShare)} answered`],
    ["calibration error", `${percent(score.calibrationError)} between confidence and accuracy, in scope`],
    ["surest nine tenths", `${percent(score.accuracyOfSurest90)} right`],
    ["out of scope", `${percent(score.outOfScopeRecall)} are not answered`],
    ["plans", flags.plans ? `${intents.planned} of ${intents.inRows} intents came to their plan${missing}` : "not judged"],
  ]);
}
