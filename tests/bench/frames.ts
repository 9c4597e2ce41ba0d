import type { Page } from 'playwright-core'

/** What a page did while something was done to it. */
export interface Frames {
  /** Milliseconds between the frames that it could draw. */
  readonly intervals: readonly number[]
  /** Milliseconds of its main thread, without drawing. */
  readonly busy: number
}

/** Measures a page by its own clock and by that of Chromium. */
export async function frameMeter(page: Page): Promise<(action: () => Promise<void>) => Promise<Frames>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
  }
  return async action => {
    const before = await spent()
    await page.evaluate(beginScript)
    await action()
    const times = await page.evaluate<number[]>(endScript)
    const busy = (await spent()) - before
    return { intervals: times.slice(1).map((time, at) => time - (times[at] ?? 0)), busy }
  }
}

/** Milliseconds of script that an action costs the page, by samples of what it runs. */
export async function scriptTime(page: Page, action: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: 250 })
  await session.send('Profiler.start')
  await action()
  const { profile } = await session.send('Profiler.stop')
  await session.detach()
  const outside = new Set(
    profile.nodes
      .filter(({ callFrame }) => /^\((idle|program|root)\)$/.test(callFrame.functionName))
      .map(({ id }) => id),
  )
  const { samples = [], timeDeltas = [] } = profile
  return samples.reduce((sum, node, at) => sum + (outside.has(node) ? 0 : (timeDeltas[at] ?? 0)), 0) / 1000
}

/** Of 100 values, 95 are no greater. */
export function high(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)] ?? NaN
}

/** As text: the tests do not know the types of a page. */
const beginScript = `
  globalThis.counted = []
  globalThis.isCounting = true
  var count = now => {
    counted.push(now)
    if (isCounting) requestAnimationFrame(count)
  }
  void requestAnimationFrame(count)`
const endScript = '(isCounting = false, counted)'
