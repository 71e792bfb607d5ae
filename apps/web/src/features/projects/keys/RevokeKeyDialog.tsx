"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogWords } from "../../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../../format/time.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import type { ApiKey } from "./KeyTable.tsx";

/** Asks for confirmation before a key is revoked. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const keepRef = useRef<HTMLButtonElement>(null);
  return (
    <Dialog open={apiKey !== null} onOpenChange={(isOpen) => !isOpen && onClose()} title="Revoke this key?" initialFocus={keepRef}>
      {apiKey !== null && <Confirmation apiKey={apiKey} keepRef={keepRef} onClose={onClose} />}
    </Dialog>
  );
}

function Confirmation({
  apiKey: { id, name, lastUsedAt },
  keepRef,
  onClose,
}: {
  apiKey: ApiKey;
  keepRef: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const revoke = useMutation(trpc.projects.revokeKey.mutationOptions(useRefresh(trpc.projects.pathKey(), onClose)));
  return (
    <DialogWords>
      <p className="[overflow-wrap:anywhere]">
        Programs that use <strong className="font-semibold">{name}</strong> are refused within seconds, and their telemetry is lost unless
        they keep it. This cannot be undone.
      </p>
      <p className="text-sm text-muted">
        {lastUsedAt === null ? (
          "It was never used."
        ) : (
          <>
            It was last used <TimeText unixNano={unixNanoOf(lastUsedAt)} withDate />.
          </>
        )}
      </p>
      <DialogActions failure={revoke.error}>
        <Button ref={keepRef} onClick={onClose}>
          Keep it
        </Button>
        <Button tone="danger" disabled={revoke.isPending} onClick={() => revoke.mutate({ id })}>
          Revoke the key
        </Button>
      </DialogActions>
    </DialogWords>
  );
}
