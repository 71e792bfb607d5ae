import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Supervisor } from "../supervisor.ts";
import { fakePart } from "./fakeParts.ts";

/**
 * Supervises three fake parts, of which one ignores requests to end and one is blocked, as a separate program, so that a test can
 * kill it: `node fakeSupervisor.ts LOG_DIR PORT PORT PORT`. It prints the process ids of the parts, and of the blocked one's child.
 */
const [logDir = "", ...ports] = process.argv.slice(2);
const [port = 0, deafPort = 0, blockedPort = 0] = ports.map(Number);
const childFile = join(logDir, "child");

const members = [
  fakePart("part", port),
  fakePart("deaf part", deafPort, { env: { FAKE_DEAF: "yes" } }),
  fakePart("blocked part", blockedPort, { env: { FAKE_BLOCKED: childFile } }),
];
const supervisor = new Supervisor({ members, logDir, note: () => {}, changed: () => {} });
await supervisor.start();
process.stdout.write(`${JSON.stringify([...supervisor.states.map(({ pid }) => pid), Number(readFileSync(childFile, "utf8"))])}\n`);
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await supervisor.stop();
