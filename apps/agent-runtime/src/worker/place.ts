import type { Step, TaskRequest } from "@signalbox/model";
import { SERVICES, type ServiceName } from "../identity.ts";
import type { Services } from "./converse.ts";
import { nextAction } from "./nextAction.ts";

/** The place at which a task is: a service, and a tool of it. */
export type Place = { service: ServiceName; tool: string | null };

type AnyMethod = (request: never) => Promise<unknown>;

const IN_WORKER: Place = { service: SERVICES.worker, tool: null };

function toolOf(request: object): string | null {
  return "call" in request ? (request as { call: { name: string } }).call.name : null;
}

/** The place at which a task continues after its finished steps. */
export function placeAfter(request: Pick<TaskRequest, "session" | "planner">, steps: readonly Step[]): Place {
  const next = nextAction(request, steps);
  switch (next.kind) {
    case "understand":
      return { service: SERVICES.language, tool: null };
    case "recall":
    case "remember":
      return { service: SERVICES.memory, tool: null };
    case "execute":
      return { service: SERVICES.tools, tool: next.call.name };
    case "plan":
      return { service: SERVICES.planning, tool: null };
    default:
      return IN_WORKER;
  }
}

/** Wraps services so that `placeOf` tells where an error came from: the call that threw it, or else the call that the task waits for. */
export function trackPlace(services: Services): { services: Services; placeOf: (error: unknown) => Place } {
  const thrown = new Map<unknown, Place>();
  const underWay = new Set<Place>();
  function tracked<Service extends object>(service: ServiceName, methods: Service): Service {
    const track = ([name, method]: [string, AnyMethod]) => [
      name,
      async (request: never) => {
        const place = { service, tool: toolOf(request) };
        underWay.add(place);
        try {
          return await method(request);
        } catch (error) {
          thrown.set(error, place);
          throw error;
        } finally {
          underWay.delete(place);
        }
      },
    ];
    return Object.fromEntries(Object.entries<AnyMethod>(methods as Record<string, AnyMethod>).map(track)) as Service;
  }
  return {
    services: {
      language: tracked(SERVICES.language, services.language),
      memory: tracked(SERVICES.memory, services.memory),
      planning: tracked(SERVICES.planning, services.planning),
      tools: tracked(SERVICES.tools, services.tools),
    },
    placeOf: (error) => thrown.get(error) ?? [...underWay].at(-1) ?? IN_WORKER,
  };
}
