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
 * The HTTP form of one method of a service: `POST path` with a `request`, answered by an `answer`, both JSON. `isRepeatable`:
 * repeating it does no more than doing it once, so that a call whose answer was lost may be retried. `timeoutMs` is for a slow one.
 */
export type MethodContract<Request, Answer> = {
  path: `/v1/${string}`;
  isRepeatable: boolean;
  request: z.ZodType<Request>;
  answer: z.ZodType<Answer>;
  timeoutMs?: number;
};

/** The HTTP form of a whole service; the compiler checks it against the service's interface. */
export type ServiceContract<Service> = {
  [Name in keyof Service]: Service[Name] extends (request: infer Request) => Promise<infer Answer>
    ? MethodContract<Request, Answer>
    : never;
};

/** The time limit for a service that asks a language model, whose own deadline is well below it. In milliseconds. */
const MODEL_TIMEOUT_MS = 180_000;

/** The time limit for a tool, including the waits for it and for the database. In milliseconds. */
const TOOL_TIMEOUT_MS = 30_000;

const SessionKey = z.strictObject({ project: z.string().min(1), session: z.string().min(1) });

export const LANGUAGE_CONTRACT: ServiceContract<LanguageService> = {
  understand: {
    path: "/v1/language/understand",
    isRepeatable: true,
    request: z.strictObject({ domain: z.string(), message: z.string() }),
    answer: Understood,
    timeoutMs: MODEL_TIMEOUT_MS,
  },
};

export const MEMORY_CONTRACT: ServiceContract<MemoryService> = {
  recall: { path: "/v1/memory/recall", isRepeatable: true, request: SessionKey, answer: Memories },
  remember: {
    path: "/v1/memory/remember",
    // A turn has an id.
    isRepeatable: true,
    request: SessionKey.extend({ turnId: z.string().min(1), role: z.string(), content: z.string() }),
    answer: Remembered,
  },
  search: { path: "/v1/memory/search", isRepeatable: true, request: KnowledgeQuery, answer: Findings },
};

export const PLANNING_CONTRACT: ServiceContract<PlanningService> = {
  next: { path: "/v1/planning/next", isRepeatable: true, request: PlanningRequest, answer: PlanningAnswer, timeoutMs: MODEL_TIMEOUT_MS },
};

export const TOOLS_CONTRACT: ServiceContract<ToolService> = {
  list: {
    path: "/v1/tools/list",
    isRepeatable: true,
    request: z.strictObject({ domain: z.string().min(1) }),
    answer: z.array(ToolDefinition),
  },
  call: {
    path: "/v1/tools/call",
    // A call has an idempotency key.
    isRepeatable: true,
    request: ToolCallRequest,
    answer: ToolCallAnswer,
    timeoutMs: TOOL_TIMEOUT_MS,
  },
  state: { path: "/v1/tools/state", isRepeatable: true, request: Scene, answer: SceneState },
};
