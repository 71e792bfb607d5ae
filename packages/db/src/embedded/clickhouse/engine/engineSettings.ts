import { writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";

/** The default time limit of a query, in seconds; a query may ask for more. */
const QUERY_SECONDS_DEFAULT = 300;
const QUERY_SECONDS_MAX = 3_600;

/** The most statements that run at the same time; others wait. Everything but an insert counts as a read. */
export const READS_MAX = Math.max(8, 4 * availableParallelism());
export const WRITES_MAX = Math.max(4, 2 * availableParallelism());

/** Merges take every core that they find; this priority keeps them from delaying screens and acknowledgements. */
const MERGES_NICE = 15;

/**
 * The pause, in seconds, before the engine looks again for a table's background work after it found none or had no room
 * for it; it grows each time. The default of 0.1 plus a random part of up to 1 suits a server's dozens of slots; there
 * are four here, and a mutation, which takes milliseconds per part, would pause that long after every fourth part.
 */
const NO_WORK_PAUSE = { seconds: 0.02, randomSeconds: 0 };

/**
 * The compression of columns without a codec of their own (docs/adr/051): the cheapest level for
 * inserts, and for merged parts one that saves a tenth of long texts. An insert's part has no size yet.
 */
const COMPRESSION = [
  { bytesMin: 0, level: 1 },
  { bytesMin: 16 * 1024 * 1024, level: 3 },
];

/**
 * The grants of the HTTP interface's user: everything with tables and views, but nothing that leaves the engine. Not granted,
 * and so refused by the engine itself: reading or writing files, URLs and other servers, table engines and databases over them,
 * dictionaries (their sources are files, URLs and programs), functions, users, backups, introspection, and stopping the process.
 */
const GRANTS = [
  "SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE TEMPORARY TABLE, DROP, TRUNCATE, OPTIMIZE, SHOW, CHECK, KILL QUERY",
  "SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM DROP CACHE",
];

/** The memory limit of all queries together, in bytes: a container's or machine's memory, less the needs of the rest of Signalbox. */
function memoryBytesMax(): number {
  const constrained = process.constrainedMemory();
  const total = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor(total * 0.6);
}

/** The engine's users file: limits of every query, how far a query may move them, and the grants. */
function usersXml(): string {
  const memoryMax = memoryBytesMax();
  return `<clickhouse>
  <profiles>
    <default>
      <max_execution_time>${QUERY_SECONDS_DEFAULT}</max_execution_time>
      <max_memory_usage>${Math.floor(memoryMax / 2)}</max_memory_usage>
      <max_memory_usage_for_user>${memoryMax}</max_memory_usage_for_user>
      <async_insert>0</async_insert>
      <constraints>
        <max_execution_time><min>1</min><max>${QUERY_SECONDS_MAX}</max></max_execution_time>
        <max_memory_usage><min>1</min><max>${memoryMax}</max></max_memory_usage>
        <max_memory_usage_for_user><readonly/></max_memory_usage_for_user>
      </constraints>
    </default>
  </profiles>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>${GRANTS.map((grant) => `<query>GRANT ${grant} ON *.*</query>`).join("")}</grants>
    </default>
  </users>
  <quotas><default/></quotas>
</clickhouse>
`;
}

/** The engine's server settings, beside the users file. */
function configXml(usersPath: string): string {
  return `<clickhouse>
  <users_config>${escapeXml(usersPath)}</users_config>
  <os_threads_nice_value_merge_mutate>${MERGES_NICE}</os_threads_nice_value_merge_mutate>
  <background_processing_pool_thread_sleep_seconds_if_nothing_to_do>${NO_WORK_PAUSE.seconds}</background_processing_pool_thread_sleep_seconds_if_nothing_to_do>
  <background_processing_pool_task_sleep_seconds_when_no_work_random_part>${NO_WORK_PAUSE.randomSeconds}</background_processing_pool_task_sleep_seconds_when_no_work_random_part>
  <compression>${COMPRESSION.map(compressionCase).join("")}</compression>
</clickhouse>
`;
}

/** The engine takes the last case that fits. */
function compressionCase({ bytesMin, level }: (typeof COMPRESSION)[number]): string {
  return `<case><min_part_size>${bytesMin}</min_part_size><min_part_size_ratio>0</min_part_size_ratio><method>zstd</method><level>${level}</level></case>`;
}

/** Writes the engine's configuration into `folder`; returns the arguments that name it to the engine. */
export function writeEngineSettings(folder: string): string[] {
  const usersPath = join(folder, "users.xml");
  const configPath = join(folder, "config.xml");
  writeFileSync(usersPath, usersXml(), { mode: 0o600 });
  writeFileSync(configPath, configXml(usersPath), { mode: 0o600 });
  return [`--config-file=${configPath}`];
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
