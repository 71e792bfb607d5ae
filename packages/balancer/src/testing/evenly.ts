/** Pseudo-random numbers in [0, 1), always the same ones (Lehmer's generator, with Park and Miller's multiplier). */
export function evenly(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
