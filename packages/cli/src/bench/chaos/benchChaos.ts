import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { hasRedis, noRedis } from "../runtime/ownRedis.ts";
import { untilInterrupted } from "../untilInterrupted.ts";
import { type ChaosFigures, type ChaosOptions, measureChaos } from "./measureChaos.ts";

/** The flags of `signalbox bench chaos`. */
type BenchChaosFlags = Pick<ChaosOptions, "tasks" | "kills" | "queue" | "seed">;

/** `signalbox bench chaos`: 0 when every promise was kept, 1 when one was broken. */
export const benchChaos: Act<BenchChaosFlags> = ({ output, flags: { tasks, kills, queue, seed } }) =>
  untilInterrupted(async (signal) => {
    if (queue === "redis" && !hasRedis()) throw noRedis();
    const figures = await measureChaos({
      ...{ tasks, kills, queue, seed, signal },
      // Where a person watches, progress bars take the place of notes.
      note: (line) => (output.isWatched && !output.choice.json ? undefined : output.note(line)),
      startProgress: (label, total) => startProgress(output, label, total),
    });
    output.result(figures, () => chaosText(figures));
    return brokenPromises(figures).length === 0 && figures.accepted === tasks ? EXIT.pass : EXIT.failed;
  });

/** The longest time that a part may outlive its supervisor. */
const ORPHAN_MS_MAX = 5_000;

/** The broken promises, one sentence each. */
export function brokenPromises({ accepted, done, dead, failing, edited, orphan, ...figures }: ChaosFigures): string[] {
  const broken = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}`]);
  return [
    ...broken(accepted - done - dead, "accepted tasks are neither done nor dead letters"),
    ...broken(Math.max(0, failing - edited - dead), "tasks that fail for good are no dead letters"),
    ...broken(figures.unplanned, `tasks are dead letters and were not to fail: ${figures.examples.unplanned.join(", ")}`),
    ...(figures.jobsLeft === null
      ? ["nobody could say whether jobs stay in the queue"]
      : broken(figures.jobsLeft, "jobs stay in the queue, though every task has come to its end")),
    ...broken(Math.max(0, edited - figures.redriven), "edited tasks were not redriven"),
    ...broken(figures.doubled, "tasks were admitted or ended more than once"),
    ...broken(figures.doubledEffects, "tasks left other effects than one for each call on record"),
    ...broken(figures.brokenChains, "chains of decisions are broken"),
    ...broken(figures.incompleteTraces, "finished tasks have a trace without every step"),
    ...(orphan === null || orphan.ms <= ORPHAN_MS_MAX ? [] : [`the ${orphan.part} outlived its supervisor by ${orphan.ms} ms`]),
  ];
}

function chaosText(figures: ChaosFigures): string {
  const { accepted, done, dead, failing, redriven, edited, killsOf, orphan } = figures;
  const table = textTable([
    ["accepted / done / dead", `${accepted} / ${done} / ${dead}`],
    ["fail for good / redriven / with an edited request", `${failing} / ${redriven} / ${edited}`],
    ["dead letters that nobody planned", String(figures.unplanned)],
    ["jobs left in the queue", figures.jobsLeft === null ? "-" : String(figures.jobsLeft)],
    ["admitted or ended twice", String(figures.doubled)],
    ["effects other than once", String(figures.doubledEffects)],
    ["chains broken", String(figures.brokenChains)],
    ["traces without every step", String(figures.incompleteTraces)],
    [
      "kills",
      Object.entries(killsOf)
        .map(([victim, times]) => `${victim} ${times}`)
        .join(" · "),
    ],
    ["requests sent again", String(figures.sentAgain)],
    ["outlived a supervisor longest", orphan === null ? "-" : `${orphan.part}, ${orphan.ms} ms`],
    ["seed", String(figures.seed)],
  ]);
  return [table, ...brokenPromises(figures).map((promise) => `✖ ${promise}`)].join("\n");
}
