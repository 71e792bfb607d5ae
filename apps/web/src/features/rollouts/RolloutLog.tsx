"use client";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { formatEvidence, formatWeight } from "./amounts.ts";
import type { Entry } from "./rolloutParams.ts";
import { ENTRIES, GROUNDS } from "./words.ts";

/** The gate's knowledge at the time of an entry, in one line. */
function verdictText({ grounds, units, eHarm, eHarmToRollBack }: NonNullable<Entry["verdict"]>): string {
  return `${GROUNDS[grounds]}, ${formatCount(units.candidate)} and ${formatCount(units.stable)} units, evidence of harm ${formatEvidence(eHarm)} of ${formatEvidence(eHarmToRollBack)}`;
}

/** The log of a rollout, oldest first, so that new entries move nothing. */
export function RolloutLog({ entries, isWhole }: { entries: readonly Entry[]; isWhole: boolean }) {
  return (
    <Panel title="Log" aside={<span className="text-sm text-faint tabular-nums">{formatCount(entries.length)} entries</span>}>
      <ScrollRegion label="What was decided" className="max-h-96 overflow-y-auto">
        <ol>
          {entries.map((entry) => {
            const { number, at, kind, actor, reason, weight, verdict } = entry;
            return (
              <li key={number} className="grid grid-cols-[6.5rem_1fr_auto] gap-x-3 border-b border-line/60 px-4 py-2 text-sm last:border-0">
                <span>
                  <WordBadge word={ENTRIES[kind]} />
                </span>
                <span className="min-w-0">
                  <span className="[overflow-wrap:anywhere]">{reason}</span>
                  {verdict !== null && <span className="block text-xs text-faint tabular-nums">{verdictText(verdict)}</span>}
                </span>
                <span className="text-right text-xs text-muted tabular-nums">
                  <span className="block">
                    <TimeText unixNano={unixNanoOf(at)} withDate />
                  </span>
                  <span className="block max-w-40 truncate" title={actor}>
                    {actor === "gate" ? "the gate" : actor}, at {formatWeight(weight)}
                  </span>
                </span>
              </li>
            );
          })}
        </ol>
        {!isWhole && <p className="px-4 py-2 text-sm text-faint">More follow: `./signalbox rollout log` shows all of them.</p>}
      </ScrollRegion>
    </Panel>
  );
}
