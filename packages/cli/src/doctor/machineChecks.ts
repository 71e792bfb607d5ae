import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Config, REPOSITORY_ROOT } from "../config.ts";
import type { Check, Finding } from "./check.ts";

const NODE_MAJOR_MIN = 24;

/** The platforms for which both embedded engines are published; on Linux they need glibc. */
const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** The tolerated lead of a file's time over the clock: disks round, and network disks have clocks of their own. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Whether this version of Node can run TypeScript directly. */
export function judgeNode(version: string): Finding {
  if (Number(version.split(".")[0]) >= NODE_MAJOR_MIN) return { status: "pass", found: version };
  return { status: "fail", found: version, advice: `Start it through ./signalbox or npm start: they fetch Node ${NODE_MAJOR_MIN}.` };
}

/** This platform as the engines' packages name it; a Linux without glibc is marked. */
function ownPlatform(): string {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const isMusl = process.platform === "linux" && header.glibcVersionRuntime === undefined;
  return `${process.platform}-${process.arch}${isMusl ? "-musl" : ""}`;
}

/** Whether the embedded engines exist for this platform. */
export function judgePlatform(platform: string): Finding {
  if (PLATFORMS.includes(platform)) return { status: "pass", found: platform };
  return {
    status: "fail",
    found: platform,
    advice: `The embedded stores run on ${PLATFORMS.join(", ")}; elsewhere set DATABASE_URL and CLICKHOUSE_URL.`,
  };
}

/** Whether the clock can be right: it is not before `earliest`, and nothing was written after `now`. All in milliseconds since 1970. */
export function judgeClock(now: number, earliest: number, latestWritten: number): Finding {
  const found = new Date(now).toISOString();
  const advice = "Set the clock (it orders spans and decisions), best by NTP.";
  if (now < earliest) return { status: "fail", found: `${found}, before this copy of Signalbox was made`, advice };
  if (latestWritten > now + CLOCK_TOLERANCE_MS) {
    return { status: "warn", found: `${found}, but the data folder was written at ${new Date(latestWritten).toISOString()}`, advice };
  }
  return { status: "pass", found };
}

function latestWriteIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return Math.max(0, ...readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/** Node, platform, clock. */
export const machineChecks: readonly Check[] = [
  { name: "node", run: () => judgeNode(process.versions.node) },
  { name: "platform", run: () => judgePlatform(ownPlatform()) },
  {
    name: "clock",
    run: ({ dataDir }: Config) => judgeClock(Date.now(), statSync(join(REPOSITORY_ROOT, "LICENSE")).mtimeMs, latestWriteIn(dataDir)),
  },
];
