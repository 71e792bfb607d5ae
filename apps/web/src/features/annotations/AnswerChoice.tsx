"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { RouterOutputs } from "@signalbox/api/client";
import { useId } from "react";
import { Kbd } from "../../components/ui/text/Kbd.tsx";

/** The answers to a question, each with the digit key that chooses it. */
export function AnswerChoice({
  question,
  answers,
  value,
  onChoose,
}: {
  question: string;
  answers: RouterOutputs["annotations"]["queue"]["answers"];
  value: number | null;
  onChoose: (value: number) => void;
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <h2 id={id} className="text-md font-semibold [overflow-wrap:anywhere]">
        {question}
      </h2>
      <RadioGroup aria-labelledby={id} value={value} onValueChange={(chosen) => onChoose(chosen as number)} className="flex flex-col gap-1">
        {answers.map((answer, place) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
          <label
            key={answer.value}
            className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md border border-line px-2.5 text-sm hover:bg-hover has-data-checked:border-accent has-data-checked:bg-accent-soft"
          >
            <Radio.Root
              value={answer.value}
              className="flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface data-checked:border-accent data-checked:bg-accent"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-on-accent" />
            </Radio.Root>
            <span className="min-w-0 [overflow-wrap:anywhere]">{answer.label}</span>
            {answer.means !== "" && <span className="text-muted">{answer.means}</span>}
            <span className="ml-auto text-muted">
              <Kbd keys={String(place + 1)} />
            </span>
          </label>
        ))}
      </RadioGroup>
    </div>
  );
}
