import { once } from "node:events";
import { Supervisor } from "../supervisor.ts";
import { fakeParts } from "./fakeParts.ts";

/** Supervises two fake parts as a program of its own, so that a test can kill it: `node fakeSupervisor.ts LOG_DIR PORT PORT`. */
const [logDir = "", ...ports] = process.argv.slice(2);

const supervisor = new Supervisor({ members: fakeParts(ports.map(Number)), logDir, note: () => {}, changed: () => {} });
await supervisor.start();
process.stdout.write(`${JSON.stringify(supervisor.states.map(({ pid }) => pid))}\n`);
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await supervisor.stop();
