import { portsAt, type QueuePause, tlsFilesIn } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { pausesText } from "../queue/pausesText.ts";
import { partOf, partRows } from "../supervisor/parts/parts.ts";
import { runningStack } from "../supervisor/stack.ts";
import { readRunState } from "../supervisor/stateFile.ts";
import { operatorKeyOf } from "../supervisor/stores/keySteps.ts";
import { storeUrls } from "../supervisor/stores/stores.ts";
import { askPart, type PartHealth, readMetrics } from "./partHealth.ts";
import { pausesIn } from "./pausesIn.ts";
import { discrepancyTexts, type ReconciledHour, reconcileHour, reconciliationRows } from "./reconciliation.ts";

/** A part's state in words, or as a symbol and a colour where a person looks. */
function partState({ ready, status }: PartHealth, output: CommandOutput): string {
  const words = ready ? "ready" : status === "ready" ? "not ready" : status;
  if (!output.isForPerson) return words;
  return ready ? output.paint("green", `● ${words}`) : output.paint("red", `✖ ${words}`);
}

/** The collector's address with TLS, and the file that makes clients trust it (null where the operator gave a certificate). */
interface TlsAccess {
  url: string;
  caFile: string | null;
}

function tlsAccess(env: NodeJS.ProcessEnv, dataDir: string, portOffset: number): TlsAccess {
  const isGiven = (env.SIGNALBOX_TLS_CERT ?? "") !== "";
  return { url: `https://127.0.0.1:${portsAt(portOffset).otlpTls}`, caFile: isGiven ? null : tlsFilesIn(dataDir).ca };
}

type Shown = { parts: readonly PartHealth[]; tls: TlsAccess; paused: readonly QueuePause[] | null; hour: ReconciledHour | null };

function statusText({ parts, tls, paused, hour }: Shown, output: CommandOutput): string {
  const partRowsOfText = parts.map((part) => [
    part.name,
    partState(part, output),
    part.url,
    part.pid === undefined ? "" : `process ${part.pid}`,
    part.restarts === 0 ? "" : `${part.restarts} restart${part.restarts === 1 ? "" : "s"}`,
  ]);
  const overTls = `OTLP over TLS at ${tls.url}${tls.caFile === null ? "" : `; clients trust it by ${tls.caFile}`}`;
  const held = paused === null || paused.length === 0 ? [] : [pausesText(paused)];
  return [textTable(partRowsOfText), overTls, ...held, ...hourTexts(hour, output)].join("\n\n");
}

function hourTexts(hour: ReconciledHour | null, output: CommandOutput): string[] {
  if (hour === null) return ["The telemetry store does not answer: what became of what came in is not known right now."];
  const readable =
    hour.readableUntil === null
      ? "The collector does not answer: up to when everything is readable is not known right now."
      : `Everything received up to ${hour.readableUntil} is readable.`;
  if (hour.sources.length === 0) return [`Nothing came in during the last hour. ${readable}`];
  const red = discrepancyTexts(hour).map((text) => output.paint("red", `✖ ${text}`));
  return [`Records of the last hour. ${readable}`, textTable(reconciliationRows(hour)), ...red];
}

/** `signalbox status`: 0 when every part works, 4 when one does not or none runs. */
export const status: Act = async ({ output, env, flags }) => {
  const config = loadConfig(env, flags);
  const running = runningStack(config.dataDir) === undefined ? undefined : readRunState(config.dataDir);
  if (running === undefined) {
    const reason = `No Signalbox is running on the data folder ${config.dataDir}.`;
    output.result({ ready: false, reason, parts: [], reconciliation: [] }, () => `${reason}\nStart one with ./signalbox up`);
    return EXIT.infrastructure;
  }

  const { portOffset } = running;
  const at = { portOffset, stores: storeUrls({ ...config, portOffset }), env: {} };
  const rows = partRows({ stores: {}, topology: running.topology }).filter(({ name }) => running.parts.some((part) => part.name === name));
  const asked = rows.map((row) => partOf(row, at));
  const operatorKey = operatorKeyOf(config);
  const parts = await Promise.all(
    asked.map((part) =>
      askPart(
        part,
        running.parts.find(({ name }) => name === part.name),
        // No other part is shown a key that opens everything.
        (part.copyOf ?? part.name) === "gateway" ? operatorKey : undefined,
      ),
    ),
  );
  const collector = asked.find(({ name }) => name === "collector");
  const metrics = collector === undefined ? [] : await readMetrics(collector.port);
  const hour = await reconcileHour(at.stores.CLICKHOUSE_URL, metrics, Date.now());
  const paused = await pausesIn(at.stores.DATABASE_URL);
  const ready = parts.every((part) => part.ready);
  const tls = tlsAccess(env, config.dataDir, portOffset);
  const reconciled = { since: hour?.since ?? null, readableUntil: hour?.readableUntil ?? null, reconciliation: hour?.sources ?? [] };
  output.result({ ready, parts, tls, paused, ...reconciled }, () => statusText({ parts, tls, paused, hour }, output));
  return ready ? EXIT.pass : EXIT.infrastructure;
};
