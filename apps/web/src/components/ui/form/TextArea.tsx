import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { classNames } from "../classNames.ts";
import { INPUT } from "./Input.tsx";

/** A multi-line text input, for example for JSON. */
export function TextArea({ className, value, ...rest }: Omit<ComponentProps<"textarea">, "className"> & { className?: string }) {
  return (
    <Field.Control
      value={value}
      render={<textarea spellCheck={false} {...rest} />}
      className={classNames(INPUT, "h-auto resize-y py-1.5 font-mono leading-snug", className)}
    />
  );
}
