/** A fraction as the per cent with two decimals that Python's `f"{100 * fraction:.2f}"` prints, as a fraction again. */
export function roundedFraction(fraction: number): number {
  const percent = 100 * fraction
  // Only eighths lie exactly between two hundredths; Python then takes the even one.
  const isTie = Number.isInteger(percent * 8) && (percent * 8) % 2 !== 0
  if (!isTie) return Number(`${percent.toFixed(2)}e-2`)
  const below = Math.floor(percent * 100)
  return Number(`${below % 2 === 0 ? below : below + 1}e-4`)
}
