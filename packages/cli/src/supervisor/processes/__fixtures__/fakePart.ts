import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { endWithParent } from "@signalbox/model";

/**
 * A small part for tests. It prints `FAKE_WORDS` and answers /readyz at `FAKE_PORT`; `FAKE_END` makes it exit at
 * once with that code; with `FAKE_BUSY` it is not ready for that many milliseconds; with `FAKE_DEAF` it does not
 * end when asked; with `FAKE_FUSE` it exits at once when there is a file of that name; with `FAKE_BLOCKED` it
 * starts a child, writes the child's process id into a file of that name and, once it has reported ready, blocks.
 */
const { FAKE_PORT, FAKE_END, FAKE_DEAF, FAKE_FUSE, FAKE_BLOCKED, FAKE_WORDS = "", FAKE_BUSY = "0" } = process.env;

process.stderr.write(FAKE_WORDS);
if (FAKE_FUSE !== undefined && existsSync(FAKE_FUSE)) process.exit(7);
if (FAKE_END !== undefined) process.exit(Number(FAKE_END));

const readyAt = performance.now() + Number(FAKE_BUSY);
const server = createServer((_request, response) => {
  if (FAKE_BLOCKED !== undefined) response.once("close", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  response.writeHead(performance.now() < readyAt ? 503 : 200, { connection: "close" }).end();
});
if (FAKE_BLOCKED !== undefined) {
  const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1_000)"], { stdio: "ignore" });
  writeFileSync(FAKE_BLOCKED, String(child.pid));
}
server.listen(Number(FAKE_PORT), "127.0.0.1");
if (FAKE_DEAF !== undefined) process.on("SIGTERM", () => {});
else
  endWithParent(async () => {
    process.stdout.write("stopped in order\n");
    server.closeAllConnections();
  });
