"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MessageSquare, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Popover } from "../../components/ui/overlay/Popover.tsx";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

type Score = RouterOutputs["traces"]["get"]["scores"][number];

const NAME = "thumb";
const LABELS = { 1: "up", 0: "down" } as const;

/** A person's thumb on a trace, up or down, with a comment. Choosing the same thumb again removes it. */
export function TraceThumb({ project, traceId, scores }: { project: string; traceId: string; scores: readonly Score[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const person = useQuery(trpc.scores.person.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.traces.get.queryKey({ project, traceId }) });
  const give = useMutation(trpc.scores.give.mutationOptions({ onSuccess }));
  const takeBack = useMutation(trpc.scores.takeBack.mutationOptions({ onSuccess }));
  const own = scores.find(({ name, scorer, spanId }) => spanId === null && name === NAME && scorer === person.data);
  const mine = own !== undefined && own.value !== null ? own : undefined;
  const isBusy = give.isPending || takeBack.isPending;

  const say = (value: 1 | 0): void => {
    if (isBusy) return;
    if (mine?.value === value) takeBack.mutate({ project, traceId });
    else give.mutate({ project, traceId, value, label: LABELS[value], comment: mine?.explanation ?? "" });
  };
  useShortcuts({ thumbUp: () => say(1), thumbDown: () => say(0) });

  const button = (value: 1 | 0, what: string, keys: string, Icon: typeof ThumbsUp) => {
    const label = mine?.value === value ? `Take the ${what.toLowerCase()} back (${keys})` : `${what} (${keys})`;
    return (
      <Button
        tone="quiet"
        size="icon"
        aria-label={label}
        aria-pressed={mine?.value === value}
        {...(mine?.value === value ? { "data-pressed": "" } : {})}
        title={label}
        onClick={() => say(value)}
      >
        <Icon className="size-4" aria-hidden />
      </Button>
    );
  };
  const failure = give.error ?? takeBack.error;
  return (
    <span className="flex items-center">
      {button(1, "Thumb up", keysOf("thumbUp"), ThumbsUp)}
      {button(0, "Thumb down", keysOf("thumbDown"), ThumbsDown)}
      {mine !== undefined && (
        <Comment
          key={mine.time}
          comment={mine.explanation}
          onSave={(comment) => give.mutate({ project, traceId, value: mine.value, label: mine.label, comment })}
        />
      )}
      {failure !== null && <FormFailure error={failure} />}
    </span>
  );
}

/** The comment on a thumb. */
function Comment({ comment, onSave }: { comment: string; onSave: (comment: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState(comment);
  const label = comment === "" ? "Say why" : `Your comment: ${comment}`;
  return (
    <Popover
      title="Comment on your thumb"
      open={isOpen}
      onOpenChange={setOpen}
      align="end"
      className="w-80"
      trigger={
        <Button tone="quiet" size="icon" aria-label={label} title={label}>
          <MessageSquare className="size-4" fill={comment === "" ? "none" : "currentColor"} aria-hidden />
        </Button>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(text);
          setOpen(false);
        }}
      >
        <Field label="Why?">
          <Input value={text} onValueChange={setText} maxLength={4_000} autoComplete="off" />
        </Field>
        <Button type="submit" tone="primary" className="self-end">
          Save the comment
        </Button>
      </form>
    </Popover>
  );
}
