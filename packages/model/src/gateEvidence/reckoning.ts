/**
 * The version of the reckoning: what gates make of a policy and evidence, number for number and word for word. Whoever changes that raises
 * it (a test of packages/evals says when), so that what an earlier version came to is not taken for what somebody changed.
 */
export const RECKONING = 2;

/** The version that reckoned something kept; 1 where nothing is said of it: before versions were kept there were several. */
export const reckoningOf = ({ reckoning = 1 }: { readonly reckoning?: number | undefined }): number => reckoning;
