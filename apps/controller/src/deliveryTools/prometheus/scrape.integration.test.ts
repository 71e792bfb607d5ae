import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@signalbox/db/embedded";
import { expect, test } from "vitest";
import { until } from "../../testing/stage.ts";
import { GATE_KEY, openTools } from "../testing/openTools.ts";

/** Whether a Prometheus is installed; where one is required, its absence fails the test. */
const HAS_PROMETHEUS = process.env.SIGNALBOX_PROMETHEUS === "required" || spawnSync("prometheus", ["--version"]).status === 0;

/** A Prometheus that scrapes `target` every second. */
async function openPrometheus(target: string) {
  const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
  const port = await freePort();
  const scrape = { job_name: "signalbox", scrape_interval: "1s", static_configs: [{ targets: [target] }] };
  await writeFile(join(folder, "prometheus.yml"), JSON.stringify({ scrape_configs: [scrape] }));
  const child = spawn(
    "prometheus",
    [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/tsdb`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: "ignore" },
  );
  const gone = once(child, "exit");
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Answer = { status: string; data: { resultType: string; result: { metric: Record<string, string>; value: [number, string] }[] } };

/** Sends an instant query like Grafana's Prometheus datasource: as a form, with the time in seconds. */
async function query(url: string, promQl: string, headers: Record<string, string> = {}): Promise<Answer> {
  const body = new URLSearchParams({ query: promQl, time: (Date.now() / 1_000).toFixed(3) });
  return (await (await fetch(`${url}/api/v1/query`, { method: "POST", headers, body })).json()) as Answer;
}

test.skipIf(!HAS_PROMETHEUS)(
  "a real Prometheus scrapes what a gate says, and one client reads the same from both (needs prometheus)",
  async () => {
    await using tools = await openTools(null, Date.now);
    tools.rollouts.set({ project: "shop" }, { kind: "rollback", reason: "task_success got worse." });
    await using prometheus = await openPrometheus(new URL(tools.url).host);
    const asked = 'agent_gate_decision{gate="support-agent"}';
    const scraped = await until("the first scrape", async () => {
      const answer = await query(prometheus.url, asked).catch(() => null);
      return answer?.data.result[0] === undefined ? null : answer;
    });
    const [series] = scraped.data.result;
    expect([scraped.data.resultType, series?.value[1], series?.metric.job]).toEqual(["vector", "-1", "signalbox"]);
    expect((await query(prometheus.url, "count(agent_gate_e_value) by (evidence)")).data.result).toHaveLength(2);

    const own = await query(tools.url, asked, { authorization: `Bearer ${GATE_KEY}` });
    expect([own.status, own.data.resultType, own.data.result[0]?.value[1]]).toEqual(["success", "vector", "-1"]);
    const { job: _job, instance: _instance, ...labels } = series?.metric ?? {};
    expect(own.data.result[0]?.metric).toEqual(labels);
  },
);
