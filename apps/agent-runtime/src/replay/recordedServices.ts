import {
  type AgentManifest,
  AppError,
  canonicalJson,
  FAILURES,
  type FailureCode,
  type Step,
  type ToolCallAnswer,
  type ToolCallRequest,
  type ToolSubstitute,
} from "@signalbox/model";
import { requireDomain } from "../domains/domains.ts";
import { SERVICES } from "../identity.ts";
import { openLanguageService } from "../services/language/languageService.ts";
import { noticeSeveral } from "../services/language/noticeSeveral.ts";
import { RULE_CLASSIFIER } from "../services/language/ruleClassifier.ts";
import { openPlanningService } from "../services/planning/planningService.ts";
import type { Services } from "../worker/converse.ts";
import type { UnclearPolicy } from "../worker/routeOf.ts";
import { NotOnRecord } from "./notOnRecord.ts";
import { failedInWorker, isGivenUp, type RecordedAttemptPart, wasCut } from "./recordedAttempt.ts";
import { openRecordedPlanner } from "./recordedPlanner.ts";

/**
 * What an attempt is made under: who takes what rules cannot, what is known of the version
 * that serves it, and how many steps are on record of requests that were edited since.
 */
type Circumstances = { unclear: UnclearPolicy; manifest: AgentManifest | undefined; stepsBefore: number };

/** The services of a replay: what is computed is computed again, what was asked of others is answered from the record. */
export type RecordedServices = Services & {
  /** Which attempt's record answers from now on. */
  enter(attempt: RecordedAttemptPart, circumstances: Circumstances): void;
  /** Throws what an attempt failed with before it began: a task that had killed its workers was given up, a journal could not be read. */
  judge(): Promise<void>;
  /** What the fence refused, if it did. */
  readonly refused: NotOnRecord | null;
};

/** The failure that an attempt ended with, with all that was reported of it then. */
function recordedFailure({ error }: RecordedAttemptPart): Error {
  const { class: name, message, chain, frame } = error ?? { class: "unknown", message: "the attempt failed", chain: [], frame: null };
  const report = { class: name, message, chain, frame };
  // What has no name of ours may pass when it is tried again, as `infrastructure` may.
  const code = report.class in FAILURES ? (report.class as FailureCode) : "infrastructure";
  return new AppError(code, report.message, { report });
}

function stepOfKey(key: string): number {
  return Number(key.slice(key.lastIndexOf(":") + 1));
}

/** The answer that a substitute gives to a call; null when none is for it. */
export function substituteFor(substitutes: readonly ToolSubstitute[], { call }: ToolCallRequest): ToolCallAnswer | null {
  const found = substitutes.find(({ arguments: asked }) => asked === undefined || canonicalJson(asked) === canonicalJson(call.arguments));
  return found === undefined ? null : { output: found.output, isError: found.isError, endsEpisode: found.endsEpisode, replayed: false };
}

/**
 * Opens the services of a replay. Rules, recordings and the finding of details run; models, tools and memory answer what is on
 * record of the attempt. Whoever asks for more meets what met the attempt then: its failure, or its worker's end; where that attempt
 * went on, the fence (`NotOnRecord`). `tools` answer instead of the record, also where an attempt failed of their call. `computed` may be other code than the runtime's own.
 */
export function openRecordedServices(
  steps: readonly Step[],
  tools: Readonly<Record<string, readonly ToolSubstitute[]>>,
  computed: Partial<Pick<Services, "language" | "planning">> = {},
): RecordedServices {
  let attempt: RecordedAttemptPart | undefined;
  let { unclear, manifest, stepsBefore }: Circumstances = { unclear: "refuse", manifest: undefined, stepsBefore: 0 };
  let listed = 0;
  let refused: NotOnRecord | null = null;
  /** Whether the attempt failed before it finished a step (null: whatever step it is). */
  const failedBefore = (step: number | null): boolean =>
    attempt?.outcome === "failed" && !attempt.steps.some((own) => step !== null && own.step >= step);
  /** Ends the attempt the way it ended. */
  const absent = (what: string, step: number | null): never => {
    const here = attempt;
    if (here !== undefined && failedBefore(step)) throw recordedFailure(here);
    const missing = new NotOnRecord(what, step);
    if (here === undefined || !wasCut(here)) refused ??= missing;
    throw missing;
  };
  const isOwn = (step: Step | undefined): step is Step => step !== undefined && step.attempt === attempt?.attempt;
  const own = <Kind extends Step["stage"]["kind"]>(kind: Kind): Extract<Step["stage"], { kind: Kind }> | undefined =>
    steps.flatMap((step) => (step.stage.kind === kind && isOwn(step) ? [step.stage as Extract<Step["stage"], { kind: Kind }>] : []))[0];
  /** The last step that the attempt finished, or any before it. */
  const lastStep = (): number => steps.findLast((step) => step.attempt <= (attempt?.attempt ?? 0))?.step ?? 0;

  /** The steps of the request as it is now. */
  const current = (): readonly Step[] => steps.slice(stepsBefore);
  const planning =
    computed.planning ??
    openPlanningService((request) => openRecordedPlanner(current(), manifest, (what) => absent(what, lastStep() + 1))(request));

  return {
    enter: (next, circumstances) => {
      attempt = next;
      ({ unclear, manifest, stepsBefore } = circumstances);
      listed = 0;
    },
    async judge() {
      if (attempt === undefined) return;
      const isUnbegun = failedInWorker(attempt) && attempt.steps.length === 0;
      if (isUnbegun || isGivenUp(attempt)) throw recordedFailure(attempt);
    },
    get refused() {
      return refused;
    },
    language: {
      async understand(request) {
        const recorded = steps.find((step) => step.stage.kind === "understand" && isOwn(step));
        if (recorded?.stage.kind !== "understand") return absent("understanding the message", lastStep() + 1);
        const { output } = recorded.stage;
        if (computed.language !== undefined) return computed.language.understand(request);
        const isByRules = output.basis === undefined || output.basis === "cues";
        const rules = output.alsoWants === undefined && unclear === "refuse" ? RULE_CLASSIFIER : noticeSeveral(RULE_CLASSIFIER);
        const guess = { ...output, ...(recorded.modelUse === null ? {} : { modelUse: recorded.modelUse }) };
        return openLanguageService(isByRules ? rules : { classify: async () => guess }).understand(request);
      },
    },
    memory: {
      async recall() {
        const { turns, outage } = own("recall")?.output ?? absent("what memory recalled", lastStep() + 1);
        return { turns, ...(outage === undefined ? {} : { outage }) };
      },
      async search() {
        const { passages = [], outage = null } = own("recall")?.output ?? absent("what documents say", lastStep() + 1);
        return { passages, shortfall: outage };
      },
      async remember({ turnId }) {
        const { turns, outage } = own("remember")?.output ?? absent("a write to memory", lastStep() + 1);
        return { isRemembered: stepOfKey(turnId) < turns, ...(outage === undefined ? {} : { outage }) };
      },
    },
    planning: {
      async next(request) {
        const answer = await planning.next(request);
        const planned = current().filter(({ stage: { kind } }) => kind === "user" || kind === "move")[request.turns.length];
        const isLast = answer.move.kind === "stop";
        // Who comes to memory after moves were made has made the last one.
        const wasLast = attempt?.outcome === "done" || own("remember") !== undefined || attempt?.error?.service === SERVICES.memory;
        // A move that an attempt did not live to make is not made now either; one where the record has another is told by the comparison.
        if (attempt?.outcome !== "done" && (isLast ? !wasLast : !isOwn(planned))) absent("what was planned", lastStep() + 1);
        return answer;
      },
    },
    tools: {
      async list({ domain }) {
        listed += 1;
        const planned = attempt?.steps.filter(({ stage: { kind } }) => kind === "user" || kind === "move") ?? [];
        const isWhereItFailed = attempt?.error?.service === SERVICES.tools && attempt.error.tool === null && listed > planned.length;
        if (attempt !== undefined && isWhereItFailed) throw recordedFailure(attempt);
        return requireDomain(domain).tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      },
      async call(request) {
        const { call, idempotencyKey } = request;
        const step = stepOfKey(idempotencyKey);
        const recorded = steps[step - 1];
        const isOnRecord =
          isOwn(recorded) && recorded.stage.kind === "tool" && canonicalJson(recorded.stage.input.call) === canonicalJson(call);
        const substitute = substituteFor(tools[call.name] ?? [], request);
        if (substitute !== null && isOwn(recorded)) return substitute;
        if (
          substitute !== null &&
          attempt !== undefined &&
          failedBefore(step) &&
          (attempt.error?.service ?? SERVICES.tools) === SERVICES.tools
        ) {
          // The call that the attempt failed of is answered: it goes on from here, as one that did not fail.
          attempt = { ...attempt, outcome: "done", error: null };
          return substitute;
        }
        return isOnRecord && recorded.stage.kind === "tool" ? recorded.stage.output : absent(`a call of ${call.name}`, step);
      },
      state: async () => absent("the state of a scene", null),
    },
  };
}
