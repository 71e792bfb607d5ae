"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { type KeyboardEvent, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { TextArea } from "../../components/ui/form/TextArea.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import { type Actions, keysOf, type ShortcutId, useShortcuts } from "../../shortcuts/index.ts";
import { AnswerChoice } from "./AnswerChoice.tsx";
import type { Said } from "./useLabelling.ts";

type Answers = RouterOutputs["annotations"]["queue"]["answers"];

const NOTE_CHARS_MAX = 2_000;

/**
 * Answers one item, by keyboard alone: a digit chooses, N writes a note, Enter saves, S skips with the note as its reason, U undoes the
 * last answer.
 */
export function AnswerForm({
  question,
  answers,
  said,
  onLabel,
  onSkip,
  onUndo,
}: {
  question: string;
  answers: Answers;
  said: Said | null;
  onLabel: (value: number, note: string) => void;
  onSkip: (reason: string) => void;
  onUndo: () => void;
}) {
  const [value, setValue] = useState<number | null>(said?.value ?? null);
  const [note, setNote] = useState(said?.note ?? "");
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const [isSkipping, setSkipping] = useState(false);
  const save = (): void => {
    if (isSkipping) onSkip(note);
    else if (value !== null) onLabel(value, note);
  };
  const write = (): void => noteRef.current?.focus();
  const startSkipping = (): void => {
    setSkipping(true);
    write();
  };
  const choose = (chosen: number): void => {
    setSkipping(false);
    setValue(chosen);
  };
  const digits: Actions = Object.fromEntries(
    answers.map((answer, place) => [`answer${place + 1}` as ShortcutId, () => choose(answer.value)]),
  );
  useShortcuts({ ...digits, undoLabel: onUndo, skipItem: startSkipping, noteLabel: write, saveLabel: save });

  const inNote = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      // Focus returns to the answers instead of leaving the page.
      event.preventDefault();
      setSkipping(false);
      noteRef.current?.blur();
    }
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <AnswerChoice question={question} answers={answers} value={value} onChoose={choose} />
      <Field
        label={isSkipping ? "Why you skip it" : "Note"}
        hint={isSkipping ? "Enter skips, Esc goes back." : `${keysOf("noteLabel")} to write; Enter saves, Esc goes back to the answers.`}
      >
        <TextArea
          ref={noteRef}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={inNote}
          rows={3}
          maxLength={NOTE_CHARS_MAX}
          className="font-sans"
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        {isSkipping ? (
          <Button type="submit" tone="primary">
            Skip it <Kbd keys="Enter" />
          </Button>
        ) : (
          <Button type="submit" tone="primary" disabled={value === null}>
            Save, next <Kbd keys="Enter" />
          </Button>
        )}
        {!isSkipping && (
          <Button onClick={startSkipping}>
            Skip <Kbd keys={keysOf("skipItem")} />
          </Button>
        )}
        <Button tone="quiet" onClick={onUndo}>
          Undo <Kbd keys={keysOf("undoLabel")} />
        </Button>
      </div>
    </form>
  );
}
