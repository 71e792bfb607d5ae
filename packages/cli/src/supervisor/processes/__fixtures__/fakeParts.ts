import { fileURLToPath } from "node:url";
import type { Part } from "../../parts/part.ts";
import { readyAt } from "../readiness.ts";

/** A part that does nothing but be ready on a port; `env` makes it misbehave (see fakePart.ts). */
export function fakePart(name: string, port: number, options: { needs?: string[]; env?: Record<string, string>; copyOf?: string } = {}): Part {
  return {
    kind: "process",
    name,
    needs: options.needs ?? [],
    ...(options.copyOf === undefined ? {} : { copyOf: options.copyOf }),
    entry: fileURLToPath(import.meta.resolve("./fakePart.ts")),
    env: { FAKE_PORT: String(port), ...options.env },
    port,
    url: `http://127.0.0.1:${port}`,
    isReady: readyAt(`http://127.0.0.1:${port}/readyz`),
  };
}

/** Parts on these ports, each of which needs the one before. */
export function fakeParts(ports: readonly number[]): Part[] {
  return ports.map((port, index) => fakePart(`part${index}`, port, { needs: index === 0 ? [] : [`part${index - 1}`] }));
}
