import { AppError } from "@signalbox/model";

/** All rows of a trace are on one shard, however a table writes its id; rows without a trace are spread by another identity. */
const BY_TRACE = "sipHash64(trace_id)";
const BY_TRACE_DIGITS = "sipHash64(unhex(toString(trace_id)))";

/**
 * The sharding key of each table. Rows with the same identity must be on one shard, where a newer one replaces the older. Tables
 * that a view fills keep their rows on the view's shard, whatever the key; the key applies to rows that are inserted directly.
 */
const SHARDED_BY: Readonly<Record<string, string>> = {
  schema_migrations: "sipHash64(name)",
  spans: BY_TRACE,
  spans_0001: BY_TRACE_DIGITS,
  trace_times: BY_TRACE,
  trace_times_0006: BY_TRACE,
  trace_keys: BY_TRACE,
  trace_verdicts: BY_TRACE,
  erasing: BY_TRACE,
  decisions: BY_TRACE_DIGITS,
  scores: BY_TRACE_DIGITS,
  scores_0017: BY_TRACE_DIGITS,
  score_outcomes: BY_TRACE_DIGITS,
  logs: "if(trace_id = '', sipHash64(digest), sipHash64(unhex(trace_id)))",
  rejected: "sipHash64(digest)",
  metric_points: "sipHash64(series)",
  run_parts: "sipHash64(run_id)",
  workspace_objects: "sipHash64(id)",
  ledger: "sipHash64(project, minute)",
  minute_arrivals: "sipHash64(project, minute)",
  trend_rollups: "sipHash64(project)",
  trend_minutes: "sipHash64(project)",
};

/**
 * The replication path by which the replicas of a shard find each other. It contains
 * the table's UUID: a table that is renamed and re-created does not meet its own past.
 */
const REPLICA = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";

const local = (table: string): string => `${table}_local`;

/**
 * Rewrites a migration's statement for a cluster: a table becomes a replicated one on every server, with the suffix `_local`,
 * and a distributed one over all of them under its own name; a view reads and fills the tables of its own server. Statements
 * that move rows stay as they are, and go through the distributed tables. Throws at a statement that it cannot place.
 */
export function clusterStatements(statement: string, cluster: string): string[] {
  const on = `ON CLUSTER '${clusterName(cluster)}'`;
  const sql = statement.replace(/^(\s*--.*\n)+/, "").trim();
  for (const { head, rewrite } of KINDS) {
    const match = head.exec(sql);
    if (match !== null) return rewrite({ sql, on, cluster, names: match.slice(1), rest: sql.slice(match[0].length) });
  }
  throw new Error(`nobody has said what this is on a cluster: ${sql.slice(0, 80)}`);
}

/** The statement that creates the database of a `CLICKHOUSE_URL`, here or on every server of a cluster. */
export function createDatabaseStatement(cluster: string | undefined): string {
  const on = cluster === undefined ? "" : ` ON CLUSTER '${clusterName(cluster)}'`;
  return `CREATE DATABASE IF NOT EXISTS {name:Identifier}${on}`;
}

function clusterName(cluster: string): string {
  if (/^[\w.{}-]+$/.test(cluster)) return cluster;
  throw new AppError("infrastructure", `CLICKHOUSE_CLUSTER is the name of a cluster, not "${cluster}".`);
}

interface Taken {
  sql: string;
  on: string;
  cluster: string;
  names: string[];
  rest: string;
}

function distributed({ on, cluster }: Taken, table: string): string {
  const key = SHARDED_BY[table];
  if (key === undefined) throw new Error(`nobody has said by what the rows of ${table} are spread over a cluster`);
  return `CREATE TABLE IF NOT EXISTS ${table} ${on} AS ${local(table)} ENGINE = Distributed('${cluster}', currentDatabase(), '${local(table)}', ${key})`;
}

function replicated(definition: string): string {
  return definition
    .replace(/^(\s*ENGINE = )(\w*MergeTree)(?:\((.*)\))?/m, (_, before: string, engine: string, args?: string) => {
      return `${before}Replicated${engine}(${[REPLICA, args].filter(Boolean).join(", ")})`;
    })
    .replace("non_replicated_deduplication_window", "replicated_deduplication_window");
}

/** Kinds of statements, by their beginnings. */
const KINDS: readonly { head: RegExp; rewrite: (taken: Taken) => string[] }[] = [
  {
    head: /^CREATE TABLE IF NOT EXISTS (\w+)/,
    rewrite: (taken) => {
      const [table = ""] = taken.names;
      return [`CREATE TABLE IF NOT EXISTS ${local(table)} ${taken.on}${replicated(taken.rest)}`, distributed(taken, table)];
    },
  },
  {
    head: /^CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+)/,
    rewrite: ({ names: [view, target = ""], on, rest }) => [
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${view} ${on} TO ${local(target)}${rest.replace(/\bFROM (\w+)/g, (_, from: string) => `FROM ${local(from)}`)}`,
    ],
  },
  {
    head: /^ALTER TABLE (\w+)/,
    rewrite: ({ names: [table = ""], on, rest }) => {
      const ofRows = `ALTER TABLE ${local(table)} ${on}${rest}`;
      return /^ (ADD|DROP|RENAME|MODIFY) COLUMN /.test(rest) ? [ofRows, `ALTER TABLE ${table} ${on}${rest}`] : [ofRows];
    },
  },
  {
    head: /^RENAME TABLE IF EXISTS (\w+) TO (\w+)$/,
    rewrite: (taken) => {
      const [from = "", to = ""] = taken.names;
      return [
        `RENAME TABLE IF EXISTS ${local(from)} TO ${local(to)} ${taken.on}`,
        `DROP TABLE IF EXISTS ${from} ${taken.on} SYNC`,
        distributed(taken, to),
      ];
    },
  },
  {
    head: /^DROP TABLE IF EXISTS (\w+)$/,
    rewrite: ({ names: [table = ""], on }) => [table, local(table)].map((name) => `DROP TABLE IF EXISTS ${name} ${on} SYNC`),
  },
  { head: /^INSERT INTO /, rewrite: ({ sql }) => [sql] },
];

/**
 * Settings for every statement on a cluster: an insert is answered when it
 * is on its shards, an ON CLUSTER statement when every server has run it.
 */
export const CLUSTER_SETTINGS = {
  distributed_foreground_insert: 1,
  distributed_ddl_task_timeout: "300",
  distributed_product_mode: "global",
} as const;
