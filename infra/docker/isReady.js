/** Whether the part of the agent runtime in this container does its work: exit code 0 when it says so on `/readyz`. */
const { SIGNALBOX_RUNTIME_PARTS: parts, SIGNALBOX_PORT_OFFSET: offset = "0", SIGNALBOX_WORKER_PORT: workerPort } = process.env;

const gatewayPort = 4500 + Number(offset);
const port = parts === "gateway" ? gatewayPort : Number(workerPort ?? gatewayPort + 1);

try {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
