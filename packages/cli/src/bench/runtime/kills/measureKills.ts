import { setTimeout as sleep } from "node:timers/promises";
import { listDeadLetters, listGivenUp, listLosses } from "@signalbox/db/prisma";
import type { Random } from "@signalbox/model";
import { pick, seededRandom } from "../../../loadgen/spans/seededRandom.ts";
import { killProcess } from "../../killProcess.ts";
import { audited, drained, fullLoad, type RunOptions, type SustainedFigures, verifyChains, withRuntime } from "../measureRuntime.ts";
import { openPoison } from "../poison/poison.ts";
import { STAGED } from "../runtimeStack.ts";
import { openAbsences } from "./absences.ts";
import { type RedeliveryFigures, redeliveriesOf, redeliveryFigures, type Times, timesOf, type WorkerDeath } from "./redeliveries.ts";
import { DECK, PARTS, VICTIMS, type Victim } from "./victims.ts";

/** The average time between two kills, and from when a part works again until it may be killed again. Milliseconds. */
const KILL_EVERY_MS = 2_000;
const REST_MS = 5_000;

/** A worker's default limit of tasks at work: each of these runs alone after its worker died. */
const TASKS_AT_ONCE_MAX = 64;
const ACCEPTED_LOOK_MS = 50;

/**
 * The results of a run with kills. `backMs` are the times from a kill until the part worked again; `redelivery` is about deaths of workers.
 * `poison` is a task among the others whose worker is killed: how often it was, and how many others were dead-lettered for that.
 */
export type KillFigures = Pick<SustainedFigures, "accepted" | "done" | "dead" | "lost" | "doubled" | "brokenChains" | "chainsVerified"> & {
  kills: Record<Victim, number>;
  backMs: Record<Victim, Times>;
  sentAgain: number;
  statuses: Record<string, number>;
  redelivery: RedeliveryFigures;
  poison: { deaths: number; deathsAlone: number; isDeadLetter: boolean; bystandersDeadLettered: number };
};

/** Half to one and a half times a duration. */
const about = (ms: number, random: Random): number => ms * (0.5 + random());

function forEachVictim<Value>(of: (victim: Victim) => Value): Record<Victim, Value> {
  return Object.fromEntries(VICTIMS.map((victim) => [victim, of(victim)])) as Record<Victim, Value>;
}

/**
 * Kills gateway, worker, services and the queue's store again and again while tasks are sent, one of which is poison; then compares the
 * accepted with the finished tasks. Who is next, and when, is random; but a part that was killed is killed again only when it has worked
 * again for a while, for one that is killed at each start could not recover under any supervisor.
 */
export function measureKills(asked: RunOptions & { kills: number }): Promise<KillFigures> {
  const options = { ...asked, tasksAtOnce: Math.min(asked.tasksAtOnce, TASKS_AT_ONCE_MAX) };
  const { seed, note, signal } = options;
  const { task: poison, prepare, killWhoeverRuns } = openPoison();
  return withRuntime({ ...options, topology: STAGED, prepare }, async (stack, nextTask, sent) => {
    const random = seededRandom(seed);
    let isPoisonDue = false;
    const nextOrPoison = () => {
      if (!isPoisonDue) return nextTask();
      isPoisonDue = false;
      return poison;
    };
    const load = fullLoad(stack, options, nextOrPoison, sent);
    const ended = new AbortController();
    const poisoning = killWhoeverRuns(stack.prisma, sent.accepted, AbortSignal.any([signal, ended.signal]));
    const kills = forEachVictim(() => 0);
    const deathsOfWorkers: WorkerDeath[] = [];
    const absences = openAbsences(stack, signal);
    for (let killed = 1; killed <= options.kills; killed += 1) {
      await sleep(about(KILL_EVERY_MS, random), undefined, { signal });
      const victim = pick(DECK, random);
      const part = pick(PARTS[victim], random);
      await absences.rested(part);
      const pid = await killProcess(() => stack.pidOf(part), signal);
      absences.began(victim, part, pid, about(REST_MS, random));
      if (victim === "worker") deathsOfWorkers.push({ part, pid, atMs: Date.now() });
      kills[victim] += 1;
      // Half of the kills happen while it is among the work.
      isPoisonDue ||= killed === Math.ceil(options.kills / 2);
      note(`kill ${killed} of ${options.kills}: ${part}`);
    }

    while (!sent.accepted.has(poison.id)) await sleep(ACCEPTED_LOOK_MS, undefined, { signal });
    await load.end();
    await drained(stack, signal);
    ended.abort();
    await poisoning;

    const { done, dead, lost, doubled } = await audited(stack, sent);
    const [letter] = await listDeadLetters(stack.prisma, poison.id);
    const deaths = letter?.attempts.filter(({ outcome }) => outcome === "lost") ?? [];
    const killers = await listGivenUp(stack.prisma, "kills_worker");
    const over = await absences.ended();
    return {
      ...{ kills, accepted: sent.accepted.size, done, dead, lost, doubled },
      ...(await verifyChains(stack.prisma, [...sent.accepted])),
      ...{ sentAgain: sent.sentAgain, statuses: Object.fromEntries(sent.statuses) },
      backMs: forEachVictim((of) => timesOf(over.flatMap(({ victim, fromMs, toMs }) => (victim === of ? toMs - fromMs : [])))),
      redelivery: redeliveryFigures(redeliveriesOf(deathsOfWorkers, await listLosses(stack.prisma), over)),
      poison: {
        deaths: deaths.length,
        deathsAlone: deaths.filter(({ isAlone }) => isAlone).length,
        isDeadLetter: letter?.cause === "kills_worker",
        bystandersDeadLettered: killers.filter((id) => id !== poison.id).length,
      },
    };
  });
}
