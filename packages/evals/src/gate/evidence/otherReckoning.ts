import { RECKONING, reckoningOf } from "@signalbox/model";

/** The version that something was reckoned by, where that is not this one: then nobody can say here whether it was changed since. */
export function otherReckoning(kept: { readonly reckoning?: number | undefined }): number | null {
  const version = reckoningOf(kept);
  return version === RECKONING ? null : version;
}

/** The sentence that what is kept cannot be computed anew here, as another version reckoned it. */
export function otherReckoningText(version: number): string {
  const by = version === 1 ? "version 1, or one from before versions were kept," : `version ${version}`;
  return `It was reckoned by ${by} and this is version ${RECKONING}, which comes to something else: it cannot be recomputed here.`;
}
