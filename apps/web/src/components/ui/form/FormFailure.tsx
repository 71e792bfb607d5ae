import { failureOf } from "../../../trpc/failureOf.ts";

/** Why a form was refused, shown in the form itself: the input stays. */
export function FormFailure({ error }: { error: unknown }) {
  const { message, hint } = failureOf(error);
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger [overflow-wrap:anywhere]">
      {message}
      {hint !== undefined && ` ${hint}`}
    </p>
  );
}
