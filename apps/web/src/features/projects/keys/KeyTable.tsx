import type { RouterOutputs } from "@signalbox/api/client";
import { Badge } from "../../../components/ui/badge/Badge.tsx";
import { Button } from "../../../components/ui/form/Button.tsx";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";

export type ApiKey = RouterOutputs["projects"]["keys"][number];

/** Keys, without their secrets. */
export function KeyTable({ project, keys, onRevoke }: { project: string; keys: readonly ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  const columns: SimpleColumn<ApiKey>[] = [
    {
      id: "name",
      header: "Name",
      isElastic: true,
      cell: ({ name, revokedAt }) => (
        <span className={revokedAt === null ? "font-medium" : "text-muted line-through"} title={name}>
          {name}
        </span>
      ),
    },
    { id: "key", header: "Key", cell: (key) => <KeyMark apiKey={key} /> },
    {
      id: "scopes",
      header: "Allows",
      cell: ({ scopes }) => (
        <span className="flex gap-1">
          {scopes.map((scope) => (
            <Badge key={scope} tone={scope === "admin" ? "caution" : "plain"}>
              {scope}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: "limit",
      header: "Requests/min",
      align: "end",
      cell: ({ requestsPerMinuteMax }) =>
        requestsPerMinuteMax === null ? <span className="text-faint">no limit</span> : formatCount(requestsPerMinuteMax),
    },
    {
      id: "used",
      header: "Last used",
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="text-faint">never</span> : <TimeText unixNano={unixNanoOf(lastUsedAt)} withDate />,
    },
    {
      id: "created",
      header: "Created",
      isSpare: true,
      cell: ({ createdAt }) => (
        <span className="text-muted">
          <TimeText unixNano={unixNanoOf(createdAt)} withDate />
        </span>
      ),
    },
    {
      id: "revoke",
      header: <span className="sr-only">Revoke</span>,
      align: "end",
      cell: (key) =>
        key.revokedAt === null ? (
          <span className="flex items-center justify-end gap-3 whitespace-nowrap text-sm text-muted">
            {key.expiresAt !== null && (
              <span>
                until <TimeText unixNano={unixNanoOf(key.expiresAt)} withDate />
              </span>
            )}
            <Button tone="quiet" size="small" className="-mr-2" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
              Revoke
            </Button>
          </span>
        ) : (
          <span className="whitespace-nowrap text-sm text-muted">
            revoked <TimeText unixNano={unixNanoOf(key.revokedAt)} withDate />
          </span>
        ),
    },
  ];
  return <SimpleTable label={`Keys of ${project}`} columns={columns} rows={keys} rowKey={({ id }) => id} />;
}

const STARTS: Record<ApiKey["kind"], string> = { token: "sbx_", pair: "sbx_", uuid: "" };

/** The visible parts of a key, by which to recognise it: its beginning and end, and a pair's public name. */
function KeyMark({ apiKey: { kind, ending, publicKey } }: { apiKey: ApiKey }) {
  return (
    <span className="flex flex-col py-1 font-mono text-xs whitespace-nowrap text-muted">
      {publicKey !== null && <span>{publicKey}</span>}
      <span>
        {STARTS[kind]}…{ending}
      </span>
    </span>
  );
}
