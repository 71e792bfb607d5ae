import type { Step, TaskRequest } from "@signalbox/model";
import { SERVICES, type ServiceName } from "../identity.ts";
import type { Services } from "./converse.ts";
import { nextAction } from "./nextAction.ts";

/** Where a task is: in a service, and in one of its tools. */
export type Place = { service: ServiceName; tool: string | null };

type AnyMethod = (request: never) => Promise<unknown>;

const IN_WORKER: Place = { service: SERVICES.worker, tool: null };

function toolOf(request: object): string | null {
  return "call" in request ? (request as { call: { name: string } }).call.name : null;
}

/** Where a task goes on whose finished steps are known. */
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

/** Services that tell where a task is, or where it was when one of them failed. */
export function trackPlace(services: Services): { services: Services; place: () => Place } {
  let place = IN_WORKER;
  function tracked<Service extends object>(service: ServiceName, methods: Service): Service {
    const track = ([name, method]: [string, AnyMethod]) => [
      name,
      async (request: never) => {
        place = { service, tool: toolOf(request) };
        const answer = await method(request);
        place = IN_WORKER;
        return answer;
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
    place: () => place,
  };
}
