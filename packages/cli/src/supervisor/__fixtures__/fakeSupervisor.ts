import { once } from "node:events";
import { Supervisor } from "../supervisor.ts";
import { fakePart } from "./fakeParts.ts";

/** Supervises two fake parts, of which one listens to nobody, as a program of its own, so that a test can kill it: `node fakeSupervisor.ts LOG_DIR PORT PORT`. */
const [logDir = "", port, otherPort] = process.argv.slice(2);

const members = [fakePart("part", Number(port)), fakePart("deaf part", Number(otherPort), { env: { FAKE_DEAF: "yes" } })];
const supervisor = new Supervisor({ members, logDir, note: () => {}, changed: () => {} });
await supervisor.start();
process.stdout.write(`${JSON.stringify(supervisor.states.map(({ pid }) => pid))}\n`);
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await supervisor.stop();
