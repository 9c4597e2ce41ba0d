/** How long points take to their new places, in milliseconds. */
const duration = 600

/**
 * Lets points glide from where they are to where they belong, so that one sees which becomes which; at once where
 * motion is not wanted, or other points come.
 * @param show told the places of every frame, [count × 2]
 */
export function moving(show: (places: Float32Array) => void): { to(places: Float32Array): void; stop(): void } {
  let shown = new Float32Array(0)
  let request = 0
  const stop = () => cancelAnimationFrame(request)
  return {
    stop,
    to(places) {
      stop()
      const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
      if (isStill || shown.length !== places.length) {
        shown = Float32Array.from(places)
        return show(shown)
      }
      const from = Float32Array.from(shown)
      const began = performance.now()
      const glide = () => {
        const share = Math.min(1, (performance.now() - began) / duration)
        const eased = share * share * (3 - 2 * share)
        for (let at = 0; at < places.length; at++) shown[at] = from[at]! + eased * (places[at]! - from[at]!)
        show(shown)
        if (share < 1) request = requestAnimationFrame(glide)
      }
      glide()
    },
  }
}
