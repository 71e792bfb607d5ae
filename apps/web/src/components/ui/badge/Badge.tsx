import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { classNames } from "../classNames.ts";

const style = cva("inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm px-1.5 text-xs font-medium", {
  variants: {
    tone: {
      plain: "bg-sunken text-muted",
      outline: "border border-line-strong text-muted",
      accent: "bg-accent-soft text-accent",
      clear: "bg-clear-soft text-clear",
      caution: "bg-caution-soft text-caution",
      danger: "bg-danger-soft text-danger",
    },
  },
  defaultVariants: { tone: "plain" },
});

export type BadgeTone = NonNullable<VariantProps<typeof style>["tone"]>;

/** A short label. Its colour repeats what its text says. */
export function Badge({ tone, className, ...rest }: ComponentProps<"span"> & { tone?: BadgeTone }) {
  return <span className={classNames(style({ tone }), className)} {...rest} />;
}
