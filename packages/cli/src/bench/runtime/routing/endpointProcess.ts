import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** An endpoint's counts of calls since they were last read. */
export interface EndpointCounts {
  calls: number;
  byPath: Record<string, number>;
}

/** An order to an endpoint. */
export type EndpointOrder = { kind: "work"; serviceMs: number; atOnceMax: number } | { kind: "count" };

const Listening = z.object({ kind: z.literal("listening"), port: z.number() });
const Counted = z.object({ kind: z.literal("counted"), counts: z.object({ calls: z.number(), byPath: z.record(z.string(), z.number()) }) });

/** A service endpoint in a separate process. Disposing kills it. */
export interface EndpointProcess extends AsyncDisposable {
  url: string;
  /** Sets its speed from now on. */
  work: (serviceMs: number, atOnceMax: number) => void;
  /** Its counts since the last time. */
  count: () => Promise<EndpointCounts>;
  kill: () => Promise<void>;
  /** Freezes it: connections stay open, and nobody answers. */
  freeze: () => void;
  /** Thaws it. */
  thaw: () => void;
}

async function heard<T>(child: ChildProcess, message: z.ZodType<T>): Promise<T> {
  const [said] = await once(child, "message");
  return message.parse(said);
}

/** Starts an endpoint. */
export async function startEndpoint(): Promise<EndpointProcess> {
  const child = fork(fileURLToPath(import.meta.resolve("./endpointMain.ts")), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  const { port } = await heard(child, Listening);
  const tell = (order: EndpointOrder): unknown => child.send(order);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exit;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    work: (serviceMs, atOnceMax) => tell({ kind: "work", serviceMs, atOnceMax }),
    count: async () => {
      const counted = heard(child, Counted);
      tell({ kind: "count" });
      return (await counted).counts;
    },
    kill,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts several endpoints; disposing kills them all. */
export async function startEndpoints(count: number): Promise<AsyncDisposable & { endpoints: EndpointProcess[] }> {
  await using starting = new AsyncDisposableStack();
  const endpoints = await Promise.all(Array.from({ length: count }, startEndpoint));
  for (const endpoint of endpoints) starting.use(endpoint);
  const started = starting.move();
  return { endpoints, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
