import { Button as Base } from "@base-ui/react/button";
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { classNames } from "../classNames.ts";

export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md text-sm font-medium transition-colors duration-100 disabled:opacity-50 data-disabled:opacity-50",
  {
    variants: {
      tone: {
        plain:
          "border border-line-strong bg-raised text-ink hover:bg-hover data-popup-open:bg-hover data-pressed:bg-accent-soft data-pressed:border-accent data-pressed:text-accent",
        danger: "border border-danger-mark bg-danger-soft text-danger hover:brightness-95",
        primary: "bg-accent text-on-accent hover:brightness-110",
        quiet: "text-muted hover:bg-hover hover:text-ink data-popup-open:bg-hover data-pressed:bg-accent-soft data-pressed:text-accent",
        board: "text-board-muted hover:bg-board-raised hover:text-board-ink data-popup-open:bg-board-raised",
      },
      size: { regular: "h-7 px-2.5", icon: "size-7", small: "h-6 px-2 text-xs", smallIcon: "size-6" },
    },
    defaultVariants: { tone: "plain", size: "regular" },
  },
);

/** A button; one that shows only an icon needs an `aria-label`. */
export function Button({
  tone,
  size,
  className,
  ...rest
}: Omit<ComponentProps<typeof Base>, "className"> & VariantProps<typeof buttonStyle> & { className?: string }) {
  return <Base className={classNames(buttonStyle({ tone, size }), className)} {...rest} />;
}
