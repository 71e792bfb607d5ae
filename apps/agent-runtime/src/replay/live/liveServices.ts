import {
  canonicalJson,
  type ModelUse,
  type PlanningRequest,
  type ReplayPlan,
  type Scene,
  type Step,
  sha256,
  type ToolCallRequest,
} from "@signalbox/model";
import { requireDomain } from "../../domains/domains.ts";
import type { Services } from "../../worker/converse.ts";
import { NotOnRecord } from "../notOnRecord.ts";
import { substituteFor } from "../recordedServices.ts";

/** The scenes that a live replay writes to: its own copy of the task's data, and one that keeps calls of outside tools. */
export type ScratchScenes = { own: Scene; outside: Scene };

/**
 * A live replay's ties to its worker. `halt` is aborted once the worker loses the replay. `noteOutside` records a call of an outside tool
 * before it is made, and throws if it may not be made. `noteModelUse` records a model's usage as soon as it has answered, since that is
 * spent however the replay ends.
 */
export type Leave = {
  halt: AbortSignal;
  noteOutside: (call: { tool: string; step: number }) => Promise<void>;
  noteModelUse: (use: ModelUse) => Promise<void>;
};

/** The services of the live part of a replay. */
export type LiveServices = Services & {
  /** The first request that the fence refused, if any. */
  readonly refused: NotOnRecord | null;
  /** The steps in which an outside tool's answer came from the record. */
  readonly fromRecord: readonly number[];
};

function stepOfKey(key: string): number {
  return Number(key.slice(key.lastIndexOf(":") + 1));
}

/** Whether a tool belongs to an MCP server: its name begins with the server's, then a dot. */
export function isOutside(domain: string, tool: string): boolean {
  return tool.includes(".") && !requireDomain(domain).tools.some(({ name }) => name === tool);
}

/** A planning request with the plan's model and prompt, if a model plans. Nobody follows a replay, so there is no draft. */
function asPlanned({ draft: _, ...request }: PlanningRequest, { model, prompt }: ReplayPlan): PlanningRequest {
  const { planner } = request;
  if (planner.kind !== "llm") return request;
  const named = { ...(model === null ? {} : { model }), ...(prompt !== null && "name" in prompt ? { prompt: prompt.name } : {}) };
  return { ...request, planner: { ...planner, ...named }, ...(prompt !== null && "text" in prompt ? { promptText: prompt.text } : {}) };
}

/**
 * Services for the live part of a replay: messages are understood and models called anew, and our tools run on the scratch scene. Memory
 * stays as it was: recalled memories come from the record (`steps`), and nothing is remembered. Outside tools are called only if the plan
 * allows effects, each call recorded before it is made; otherwise they return the recorded answer of the same call, or meet the fence
 * (`NotOnRecord`).
 */
export function openLiveServices(
  services: Services,
  steps: readonly Step[],
  plan: ReplayPlan,
  { own, outside }: ScratchScenes,
  { halt, noteOutside, noteModelUse }: Leave,
): LiveServices {
  let refused: NotOnRecord | null = null;
  const fromRecord: number[] = [];
  const recalled = steps.flatMap(({ stage }) => (stage.kind === "recall" ? [stage.output] : []))[0];
  const calls = steps.flatMap(({ stage }) =>
    stage.kind === "tool" ? [{ call: canonicalJson(stage.input.call), answer: stage.output }] : [],
  );

  async function callOutside(request: ToolCallRequest) {
    const { call, idempotencyKey } = request;
    const said = canonicalJson(call);
    const step = stepOfKey(idempotencyKey);
    if (plan.allowsEffects) {
      const hash = sha256(said).slice(0, 16);
      await noteOutside({ tool: call.name, step });
      return services.tools.call({ ...request, scene: outside, idempotencyKey: `${idempotencyKey}:${hash}` });
    }
    const recorded = calls.find((one) => one.call === said);
    if (recorded === undefined) {
      refused ??= new NotOnRecord(`a call of ${call.name}, which has its effect outside,`, step);
      throw refused;
    }
    fromRecord.push(step);
    return recorded.answer;
  }

  return {
    get refused() {
      return refused;
    },
    fromRecord,
    language: {
      async understand(request) {
        halt.throwIfAborted();
        const understood = await services.language.understand(request, halt);
        if (understood.modelUse !== undefined) await noteModelUse(understood.modelUse);
        return understood;
      },
    },
    memory: {
      recall: async (request) => {
        if (recalled === undefined) return services.memory.recall(request);
        return { turns: recalled.turns, ...(recalled.outage === undefined ? {} : { outage: recalled.outage }) };
      },
      search: async (query) => {
        if (recalled === undefined) return services.memory.search(query);
        return { passages: recalled.passages ?? [], shortfall: recalled.outage ?? null };
      },
      remember: async () => ({ isRemembered: true }),
    },
    planning: {
      async next(request) {
        halt.throwIfAborted();
        const answer = await services.planning.next(asPlanned(request, plan), halt);
        if (answer.modelUse !== null) await noteModelUse(answer.modelUse);
        return answer;
      },
    },
    tools: {
      list: services.tools.list,
      async call(request) {
        halt.throwIfAborted();
        const { call, scene } = request;
        const substitute = substituteFor(plan.tools, request);
        if (substitute !== null) return substitute;
        return isOutside(scene.domain, call.name) ? callOutside(request) : services.tools.call({ ...request, scene: own });
      },
      state: () => services.tools.state(own),
    },
  };
}
