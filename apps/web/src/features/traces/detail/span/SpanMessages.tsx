import type { RouterOutputs } from "@signalbox/api/client";
import { CornerDownRight, Wrench } from "lucide-react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { JsonView } from "../../../../components/ui/text/JsonView.tsx";
import { Framed, type Message, MessageParts } from "../conversation/MessageParts.tsx";
import { roleLook } from "../conversation/roles.ts";

type Span = RouterOutputs["traces"]["span"];

const LINES_MAX = 16;

/** The input and output of a span. */
export function SpanMessages({ span }: { span: Span }) {
  const { tool, inputMessages, outputMessages } = span;
  if (tool === null && inputMessages.length === 0 && outputMessages.length === 0)
    return <p className="p-4 text-muted">This span carries no messages.</p>;
  return (
    <div className="flex flex-col gap-4 p-4">
      {tool !== null && (
        <div className="flex flex-col gap-2">
          <Framed
            icon={<Wrench className="size-3.5 text-kind-tool" aria-hidden />}
            title={tool.name}
            note={tool.callId}
            copy={tool.arguments ?? ""}
          >
            {tool.arguments === null ? <Missing what="arguments" /> : <JsonView value={tool.arguments} />}
          </Framed>
          <Framed
            icon={<CornerDownRight className="size-3.5 text-kind-tool" aria-hidden />}
            title="result"
            note={null}
            copy={tool.result ?? ""}
          >
            {tool.result === null ? <Missing what="result" /> : <JsonView value={tool.result} />}
          </Framed>
        </div>
      )}
      <Messages title="Input" messages={inputMessages} />
      <Messages title="Output" messages={outputMessages} />
    </div>
  );
}

function Missing({ what }: { what: string }) {
  return <span className="text-faint">No {what} on the span</span>;
}

function Messages({ title, messages }: { title: string; messages: readonly Message[] }) {
  if (messages.length === 0) return null;
  return (
    <section className="flex flex-col gap-3">
      <h3 className="flex items-center gap-2 text-xs font-semibold text-faint after:h-px after:flex-1 after:bg-line">
        {title}
        {messages.length > 1 && <span className="font-normal tabular-nums">{messages.length} messages</span>}
      </h3>
      {messages.map((message, index) => {
        const { label, className } = roleLook(message.role);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity of their own and never move
          <article key={index} className="flex flex-col gap-1">
            <header className="flex items-center gap-2 text-xs">
              <span className={classNames("font-semibold", className)}>{label}</span>
              {message.name !== undefined && <span className="text-faint">{message.name}</span>}
              {message.finishReason !== undefined && <span className="text-faint">finish reason: {message.finishReason}</span>}
            </header>
            <MessageParts parts={message.parts} linesMax={LINES_MAX} />
          </article>
        );
      })}
    </section>
  );
}
