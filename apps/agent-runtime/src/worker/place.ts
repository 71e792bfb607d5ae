import { SERVICES, type ServiceName } from "../identity.ts";
import type { Services } from "./converse.ts";

/** Where a task is: in a service, and in one of its tools. */
export type Place = { service: ServiceName; tool: string | null };

type AnyMethod = (request: never) => Promise<unknown>;

const IN_WORKER: Place = { service: SERVICES.worker, tool: null };

function toolOf(request: object): string | null {
  return "call" in request ? (request as { call: { name: string } }).call.name : null;
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
