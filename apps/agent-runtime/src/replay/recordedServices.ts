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
 * The circumstances of an attempt: the policy for messages that rules cannot serve, the manifest of its version if it is known, and the
 * number of recorded steps that belong to requests edited since.
 */
type Circumstances = { unclear: UnclearPolicy; manifest: AgentManifest | undefined; stepsBefore: number };

/** The services of a replay: computed results are computed again, answers of others come from the record. */
export type RecordedServices = Services & {
  /** Sets the attempt whose record answers from now on. */
  enter(attempt: RecordedAttemptPart, circumstances: Circumstances): void;
  /** Throws the failure of an attempt that failed before it began: its task had killed workers, or its journal could not be read. */
  judge(): Promise<void>;
  /** The first request that the fence refused, if any. */
  readonly refused: NotOnRecord | null;
};

/** The failure that an attempt ended with, with its whole recorded report. */
function recordedFailure({ error }: RecordedAttemptPart): Error {
  const { class: name, message, chain, frame } = error ?? { class: "unknown", message: "the attempt failed", chain: [], frame: null };
  const report = { class: name, message, chain, frame };
  // An error class that is not one of ours may pass on a retry, like `infrastructure`.
  const code = report.class in FAILURES ? (report.class as FailureCode) : "infrastructure";
  return new AppError(code, report.message, { report });
}

function stepOfKey(key: string): number {
  return Number(key.slice(key.lastIndexOf(":") + 1));
}

/** The answers of tools in a plan, by their names. */
type Substitutes = Readonly<Record<string, readonly ToolSubstitute[]>>;

/** The answer that a substitute gives to a call; null if none applies. */
export function substituteFor(tools: Substitutes, { call }: Pick<ToolCallRequest, "call">): ToolCallAnswer | null {
  // A model may call a tool by any name, such as `constructor`.
  const substitutes = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined;
  const found = substitutes?.find(({ arguments: asked }) => asked === undefined || canonicalJson(asked) === canonicalJson(call.arguments));
  return found === undefined ? null : { output: found.output, isError: found.isError, endsEpisode: found.endsEpisode, replayed: false };
}

/**
 * Opens the services of a replay. Rules, recordings and the finding of details run; models, tools and memory answer what is on
 * record of the attempt. Whoever asks for more meets what met the attempt then: its failure, or its worker's end; where that attempt
 * went on, the fence (`NotOnRecord`). `tools` answer instead of the record, and where a call failed that no later attempt made.
 * `computed` may be other code than the runtime's own.
 */
export function openRecordedServices(
  steps: readonly Step[],
  tools: Substitutes,
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
  /** The last step finished by this attempt or an earlier one. */
  const lastStep = (): number => steps.findLast((step) => step.attempt <= (attempt?.attempt ?? 0))?.step ?? 0;

  /** The steps that belong to the current request. */
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
        // An attempt that reached memory after its moves has made the last of them.
        const wasLast = attempt?.outcome === "done" || own("remember") !== undefined || attempt?.error?.service === SERVICES.memory;
        // A move that the attempt did not live to make is not made now either. If the record has a different move there, the comparison
        // reports it.
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
        const stage = recorded?.stage;
        const answer = stage?.kind === "tool" && canonicalJson(stage.input.call) === canonicalJson(call) ? stage.output : null;
        const substitute = substituteFor(tools, request);
        if (substitute !== null && (isOwn(recorded) || attempt?.outcome === "done")) return substitute;
        if (
          substitute !== null &&
          attempt !== undefined &&
          failedBefore(step) &&
          (attempt.error?.service ?? SERVICES.tools) === SERVICES.tools &&
          answer === null
        ) {
          // The call that failed then, and that no later attempt made, is answered: the attempt goes on from here, as one that did not fail.
          attempt = { ...attempt, outcome: "done", error: null };
          return substitute;
        }
        return answer !== null && isOwn(recorded) ? answer : absent(`a call of ${call.name}`, step);
      },
      state: async () => absent("the state of a scene", null),
    },
  };
}
