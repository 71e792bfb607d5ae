"use client";
import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { DiscardDialog } from "./DiscardDialog.tsx";
import { RedriveDialog, type RedriveSubject } from "./RedriveDialog.tsx";

/**
 * Redrive and discard, by pointer or key, for the selection in `subject`; disabled if nothing in it is open. A subject with a payload can
 * be edited.
 */
export function LetterActs({ project, subject, isOff }: { project: string; subject: RedriveSubject; isOff: boolean }) {
  const [redriven, setRedriven] = useState<RedriveSubject | null>(null);
  const [isDiscarding, setIsDiscarding] = useState(false);
  const redrive = (): void => setRedriven(subject);
  const edit = (): void => setRedriven({ ...subject, isEdited: true });
  const discard = (): void => setIsDiscarding(true);
  useShortcuts(isOff ? {} : { redrive, discard, ...(subject.payload === undefined ? {} : { editPayload: edit }) });
  return (
    <>
      <Button onClick={redrive} disabled={isOff} aria-keyshortcuts={keysOf("redrive")} title={`Redrive (${keysOf("redrive")})`}>
        <RotateCcw className="size-3.5" aria-hidden />
        Redrive
      </Button>
      <Button onClick={discard} disabled={isOff} aria-keyshortcuts={keysOf("discard")} title={`Discard (${keysOf("discard")})`}>
        <Trash2 className="size-3.5" aria-hidden />
        Discard
      </Button>
      <RedriveDialog project={project} subject={redriven} onClose={() => setRedriven(null)} />
      <DiscardDialog project={project} selection={isDiscarding ? subject.selection : null} onClose={() => setIsDiscarding(false)} />
    </>
  );
}
