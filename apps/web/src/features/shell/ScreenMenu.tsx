"use client";
import { PanelLeft } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { ScreenLinks } from "./ScreenLinks.tsx";

/** Links to every screen, as a menu where there is no room for the rail. */
export function ScreenMenu() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="board" size="icon" aria-label="Screens" className="-ml-1.5 lg:hidden" onClick={() => setOpen(true)}>
        <PanelLeft className="size-4" aria-hidden />
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title="Screens" className="max-w-sm">
        <nav aria-label="Screens" className="gap-4 overflow-y-auto p-3 columns-2 *:mb-4 *:break-inside-avoid">
          <Suspense>
            <ScreenLinks onGo={() => setOpen(false)} />
          </Suspense>
        </nav>
      </Dialog>
    </>
  );
}
