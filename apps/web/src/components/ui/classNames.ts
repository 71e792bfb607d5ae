import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Our type scale has a size that tailwind-merge would take for a colour. */
const merge = extendTailwindMerge({ extend: { classGroups: { "font-size": [{ text: ["xs", "sm", "base", "md", "lg", "xl"] }] } } });

/** Joins class names; of two that set the same property the last one stays. */
export function classNames(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
