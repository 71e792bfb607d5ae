import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { classNames } from "../classNames.ts";
import { buttonStyle } from "../form/Button.tsx";

/**
 * A modal dialog. Without `showTitle` the title is for screen readers only, `isSticky` keeps the dialog open on a click outside,
 * `initialFocus` gets the focus first.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  children,
  showTitle = true,
  isSticky = false,
  initialFocus,
  className,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  showTitle?: boolean;
  isSticky?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  className?: string;
}) {
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => onOpenChange(isOpen)} disablePointerDismissal={isSticky}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-board/40 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center px-4 pt-[12vh]">
          <Base.Popup
            {...(initialFocus === undefined ? {} : { initialFocus })}
            className={classNames(
              "flex max-h-[76vh] w-full max-w-xl flex-col overflow-hidden rounded-lg border border-line-strong bg-raised text-ink shadow-pop outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0",
              className,
            )}
          >
            <div className={showTitle ? "flex items-center justify-between border-b border-line px-4 py-2.5" : "sr-only"}>
              <Base.Title className="text-md font-semibold">{title}</Base.Title>
              <Base.Close className={buttonStyle({ tone: "quiet", size: "smallIcon" })} aria-label="Close">
                <X className="size-4" aria-hidden />
              </Base.Close>
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
