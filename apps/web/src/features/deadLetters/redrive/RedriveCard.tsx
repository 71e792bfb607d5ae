"use client";
import { useQuery } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { WordBadge } from "../../../components/ui/badge/WordBadge.tsx";
import { classNames } from "../../../components/ui/classNames.ts";
import { Button } from "../../../components/ui/form/Button.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { letterLink } from "../deadLetterLinks.ts";
import { DONE_WITH_FAILURES, ITEM_STATES, REDRIVE_STATES } from "../words.ts";
import { lettersText } from "./Forecast.tsx";
import { type Redrive, STEERS, type Steer, SteerDialog } from "./SteerDialog.tsx";

const ITEM_ORDER = ["passed", "failed", "skipped", "running", "pending", "released"] as const;
const ITEMS_SHOWN = 20;

/** The possible actions on a redrive in each of its states. */
const STEERS_IN = {
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  stopped: ["resume", "cancel"],
  done: [],
  cancelled: [],
} as const;

const ICONS = { pause: Pause, resume: Play, cancel: Square } as const;

/** A redrive with its progress and the possible actions. */
export function RedriveCard({ redrive, project }: { redrive: Redrive; project: string }) {
  const [steer, setSteer] = useState<Steer | null>(null);
  const { name, reason, actor, state, note, counts, createdAt, ratePerSecond, tryFirst, hasEditedPayload } = redrive;
  const total = ITEM_ORDER.reduce((sum, item) => sum + (counts[item] ?? 0), 0);
  const ended = counts.passed + counts.failed + counts.skipped + counts.released;
  const told = ITEM_ORDER.filter((item) => counts[item] > 0);
  const said = told.map((item) => `${formatCount(counts[item])} ${ITEM_STATES[item].label}`).join(", ");
  const order = [
    lettersText(total),
    ...(total > 1 ? [`${ratePerSecond} a second`] : []),
    ...(tryFirst === null ? [] : [`${tryFirst} first`]),
    ...(hasEditedPayload ? ["with an edited payload"] : []),
  ].join(", ");
  return (
    <article aria-label={`Redrive ${name}`} className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <WordBadge word={state === "done" && counts.failed > 0 ? DONE_WITH_FAILURES : REDRIVE_STATES[state]} />
        <span className="min-w-0 truncate font-medium" title={name}>
          {name}
        </span>
        <span className="text-sm text-muted">{order}</span>
        <span className="ml-auto flex items-center gap-2">
          {STEERS_IN[state].map((act) => {
            const Icon = ICONS[act];
            return (
              <Button key={act} size="small" onClick={() => setSteer(act)}>
                <Icon className="size-3" aria-hidden />
                {STEERS[act].label}
              </Button>
            );
          })}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Letters that ran again"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={ended}
        aria-valuetext={said}
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        {told.map((item) => (
          <div
            key={item}
            className={classNames("h-full", ITEM_STATES[item].bar)}
            style={{ width: `${(counts[item] / Math.max(1, total)) * 100}%` }}
          />
        ))}
      </div>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted tabular-nums">
        <span>{said}</span>
        <span className="ml-auto">
          {actor}, <TimeText unixNano={unixNanoOf(createdAt)} />: {reason}
        </span>
      </p>
      {note !== null && state !== "done" && <p className="text-sm text-caution [overflow-wrap:anywhere]">{note}</p>}
      {counts.failed + counts.skipped > 0 && <Failures id={redrive.id} project={project} count={counts.failed + counts.skipped} />}
      <SteerDialog project={project} redrive={redrive} steer={steer} onClose={() => setSteer(null)} />
    </article>
  );
}

/** The letters of a redrive that did not end well, loaded on demand. */
function Failures({ id, project, count }: { id: string; project: string; count: number }) {
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const items = useQuery(
    trpc.deadLetters.redriveById.queryOptions({ project, id, states: ["failed", "skipped"], limit: ITEMS_SHOWN }, { enabled: isOpen }),
  );
  return (
    <div>
      <Button tone="quiet" size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} className="-ml-2">
        {isOpen ? "Hide what did not end well" : `Show what did not end well (${formatCount(count)})`}
      </Button>
      {isOpen && items.isError && <FormFailure error={items.error} />}
      {isOpen && items.data !== undefined && (
        <ul className="flex flex-col gap-0.5 text-sm">
          {items.data.items.map(({ position, letterId, nextLetterId, state, note, message }) => (
            <li key={position} className="flex min-w-0 gap-2">
              <span className="shrink-0 text-muted">{ITEM_STATES[state].label}</span>
              <Link
                href={letterLink(nextLetterId ?? letterId, project)}
                className="min-w-0 truncate text-accent hover:underline"
                title={message}
              >
                {note ?? message}
              </Link>
            </li>
          ))}
          {count > ITEMS_SHOWN && <li className="text-faint">and {formatCount(count - ITEMS_SHOWN)} more</li>}
        </ul>
      )}
    </div>
  );
}
