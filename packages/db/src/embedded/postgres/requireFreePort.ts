import { createServer } from "node:net";
import { AppError } from "@signalbox/model";

/** Throws a readable error when another program listens on a port of loopback. */
export function requireFreePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause) =>
      reject(
        new AppError("infrastructure", `Port ${port}, where PostgreSQL listens, is taken by another program.`, {
          cause,
          hint: "Stop that program, or move all ports with SIGNALBOX_PORT_OFFSET.",
        }),
      ),
    );
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve()));
  });
}
