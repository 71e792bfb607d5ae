import { Input as Base } from "@base-ui/react/input";
import type { ComponentProps } from "react";
import { classNames } from "../classNames.ts";

/** The style of all text inputs. */
export const INPUT =
  "h-7 w-full min-w-0 rounded-md border border-control/70 bg-surface px-2 text-sm text-ink placeholder:text-faint focus:border-accent focus:outline-1 focus:-outline-offset-1 focus:outline-accent";

/** A single-line text input. */
export function Input({ className, ...rest }: Omit<ComponentProps<typeof Base>, "className"> & { className?: string }) {
  return <Base className={classNames(INPUT, className)} {...rest} />;
}
