"use client";
import { GitFork } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { ForkForm } from "./ForkForm.tsx";
import type { ForkSubject } from "./planDraft.ts";

/** "Fork from here", by pointer or key: opens the form for a replay. `isOff` while the task has not ended. */
export function Fork({ project, subject, isOff }: { project: string; subject: ForkSubject; isOff: boolean }) {
  const [forked, setForked] = useState<ForkSubject | null>(null);
  const firstField = useRef<HTMLInputElement>(null);
  const fork = (): void => setForked(subject);
  useShortcuts(isOff ? {} : { fork });
  const title = isOff ? "It can be replayed once it has ended" : `Replay it from step ${subject.step} (${keysOf("fork")})`;
  return (
    <>
      <Button onClick={fork} disabled={isOff} aria-keyshortcuts={keysOf("fork")} title={title}>
        <GitFork className="size-3.5" aria-hidden />
        Fork from here
      </Button>
      <Dialog
        open={forked !== null}
        onOpenChange={(isOpen) => !isOpen && setForked(null)}
        title="Replay this task"
        isSticky
        initialFocus={firstField}
        className="max-w-2xl"
      >
        {forked !== null && <ForkForm project={project} subject={forked} firstField={firstField} onClose={() => setForked(null)} />}
      </Dialog>
    </>
  );
}
