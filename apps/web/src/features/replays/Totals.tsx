import { Panel } from "../../components/ui/layout/Panel.tsx";
import { SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCost, formatCount } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import type { NamedSide } from "./SideBySide.tsx";
import type { Side } from "./words.ts";

const NS_PER_MS = 1e6;

const passed = (value: boolean | null | undefined): string =>
  value === undefined ? "nothing expected" : value === null ? "unknown" : value ? "pass" : "fail";

/** The rows of the table: a property of a side, and its text. */
const ROWS: readonly { name: string; of: (side: Side) => string }[] = [
  { name: "Version", of: ({ version }) => version },
  { name: "Ends", of: ({ status, error }) => (error === null ? status : `${status}: ${error}`) },
  { name: "Steps", of: ({ steps }) => formatCount(steps.length) },
  { name: "Attempts", of: ({ attempts }) => formatCount(attempts) },
  { name: "Answers", of: ({ result }) => (result === null ? "none" : formatCount(result.answers.length)) },
  { name: "Tool calls", of: ({ result }) => (result === null ? "none" : formatCount(result.toolCalls.length)) },
  { name: "Time", of: ({ durationMs }) => formatDuration(durationMs * NS_PER_MS) },
  { name: "Tokens", of: ({ tokens }) => formatCount(tokens) },
  { name: "Cost", of: ({ costUsd, tokens }) => (costUsd === 0 && tokens > 0 ? "–" : formatCost(costUsd)) },
  { name: "Reward", of: ({ verdict }) => (verdict === null ? "nothing expected" : (verdict.reward?.toString() ?? "unknown")) },
];

const VERDICT_ROWS: typeof ROWS = [
  { name: "State", of: ({ verdict }) => passed(verdict?.finalState) },
  { name: "Outputs", of: ({ verdict }) => passed(verdict?.outputs) },
  { name: "Ending", of: ({ verdict }) => passed(verdict?.ending) },
];

/** The results of the sides: how they ended, their usage, and the scorers' verdicts. */
export function Totals({ sides }: { sides: readonly NamedSide[] }) {
  const isJudged = sides.some(({ side }) => side.verdict !== null);
  const rows = [...ROWS, ...(isJudged ? VERDICT_ROWS : [])].map(({ name, of }) => ({ name, texts: sides.map(({ side }) => of(side)) }));
  return (
    <Panel title="What they came to">
      <SimpleTable
        label="What they came to"
        rows={rows}
        rowKey={({ name }) => name}
        isCurrent={({ texts }) => new Set(texts).size > 1}
        columns={[
          { id: "name", header: "", cell: ({ name }) => <span className="text-faint">{name}</span> },
          ...sides.map(({ label }, at) => ({
            id: label,
            header: (
              <span className="block max-w-72 truncate" title={label}>
                {label}
              </span>
            ),
            cell: ({ texts }: (typeof rows)[number]) => (
              <span className="line-clamp-3 min-w-32 text-sm tabular-nums [overflow-wrap:anywhere]" title={texts[at]}>
                {texts[at]}
              </span>
            ),
          })),
        ]}
      />
    </Panel>
  );
}
