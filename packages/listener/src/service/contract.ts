import type { LanguageService, MemoryService, PlanningService, ToolService } from "@signalbox/model";
import {
  Findings,
  KnowledgeQuery,
  Memories,
  PlanningAnswer,
  PlanningRequest,
  Remembered,
  Scene,
  SceneState,
  ToolCallAnswer,
  ToolCallRequest,
  ToolDefinition,
  Understood,
} from "@signalbox/model";
import { z } from "zod";

/**
 * How one method of a service travels: `POST path` with a `request`, answered by an `answer`, both JSON. `timeoutMs` is for one that takes
 * longer than others.
 */
export type MethodContract<Request, Answer> = {
  path: `/v1/${string}`;
  request: z.ZodType<Request>;
  answer: z.ZodType<Answer>;
  timeoutMs?: number;
};

/** How a whole service travels; the compiler holds it to the service's interface. */
export type ServiceContract<Service> = {
  [Name in keyof Service]: Service[Name] extends (request: infer Request) => Promise<infer Answer>
    ? MethodContract<Request, Answer>
    : never;
};

/** How long a service may take that asks a language model, whose own deadline is well below. In milliseconds. */
const MODEL_TIMEOUT_MS = 180_000;

const SessionKey = z.strictObject({ project: z.string().min(1), session: z.string().min(1) });

export const LANGUAGE_CONTRACT: ServiceContract<LanguageService> = {
  understand: {
    path: "/v1/language/understand",
    request: z.strictObject({ domain: z.string(), message: z.string() }),
    answer: Understood,
    timeoutMs: MODEL_TIMEOUT_MS,
  },
};

export const MEMORY_CONTRACT: ServiceContract<MemoryService> = {
  recall: { path: "/v1/memory/recall", request: SessionKey, answer: Memories },
  remember: {
    path: "/v1/memory/remember",
    request: SessionKey.extend({ turnId: z.string().min(1), role: z.string(), content: z.string() }),
    answer: Remembered,
  },
  search: { path: "/v1/memory/search", request: KnowledgeQuery, answer: Findings },
};

export const PLANNING_CONTRACT: ServiceContract<PlanningService> = {
  next: { path: "/v1/planning/next", request: PlanningRequest, answer: PlanningAnswer, timeoutMs: MODEL_TIMEOUT_MS },
};

export const TOOLS_CONTRACT: ServiceContract<ToolService> = {
  list: { path: "/v1/tools/list", request: z.strictObject({ domain: z.string().min(1) }), answer: z.array(ToolDefinition) },
  call: { path: "/v1/tools/call", request: ToolCallRequest, answer: ToolCallAnswer },
  state: { path: "/v1/tools/state", request: Scene, answer: SceneState },
};
