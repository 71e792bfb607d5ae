import type { RouterOutputs } from "@signalbox/api/client";
import { CornerDownRight, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import { ClampedText } from "../../../../components/ui/text/ClampedText.tsx";
import { CopyButton } from "../../../../components/ui/text/CopyButton.tsx";
import { JsonView } from "../../../../components/ui/text/JsonView.tsx";

export type Message = RouterOutputs["traces"]["span"]["inputMessages"][number];
type Part = Message["parts"][number];

/** The parts of a message, each rendered by its kind. */
export function MessageParts({ parts, linesMax }: { parts: readonly Part[]; linesMax: number }) {
  return (
    <div className="flex flex-col gap-2">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity of their own and never move
        <MessagePart key={index} part={part} linesMax={linesMax} />
      ))}
    </div>
  );
}

function MessagePart({ part, linesMax }: { part: Part; linesMax: number }) {
  switch (part.type) {
    case "text":
      return <Prose text={part.content} linesMax={linesMax} />;
    case "reasoning":
      return (
        <div className="border-l-2 border-line-strong pl-2.5 text-muted italic">
          <Prose text={part.content} linesMax={linesMax} />
        </div>
      );
    case "tool_call":
      return (
        <Framed icon={<Wrench className="size-3.5 text-kind-tool" aria-hidden />} title={part.name} note={part.id} copy={part.arguments}>
          <JsonView value={part.arguments} linesMax={linesMax} />
        </Framed>
      );
    case "tool_call_response":
      return (
        <Framed
          icon={<CornerDownRight className="size-3.5 text-kind-tool" aria-hidden />}
          title="result"
          note={part.id}
          copy={part.response}
        >
          <JsonView value={part.response} linesMax={linesMax} />
        </Framed>
      );
    case "other":
      return <JsonView value={part.value} linesMax={linesMax} />;
  }
}

/** Text written by a person or a model, with its line breaks. */
export function Prose({ text, linesMax }: { text: string; linesMax: number }) {
  return (
    <ClampedText text={text} linesMax={linesMax}>
      {(shown) => <p className="max-w-[75ch] whitespace-pre-wrap break-words [overflow-wrap:anywhere]">{shown}</p>}
    </ClampedText>
  );
}

/** A tool call or its result, in a frame. */
export function Framed({
  icon,
  title,
  note,
  copy,
  children,
}: {
  icon: ReactNode;
  title: string;
  note: string | null;
  copy: unknown;
  children: ReactNode;
}) {
  return (
    <div className="min-w-0 overflow-hidden rounded-md border border-line bg-canvas">
      <div className="flex h-7 items-center gap-1.5 border-b border-line pr-0.5 pl-2">
        {icon}
        <span className="truncate font-mono text-sm font-medium">{title}</span>
        {note !== null && (
          <span className="ml-auto min-w-0 truncate pl-3 font-mono text-xs text-faint" title={note}>
            {note}
          </span>
        )}
        <CopyButton
          text={() => (typeof copy === "string" ? copy : JSON.stringify(copy, null, 2))}
          label={title}
          className={note === null ? "ml-auto" : ""}
        />
      </div>
      <div className="p-2">{children}</div>
    </div>
  );
}
