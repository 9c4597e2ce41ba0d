import type { Page } from 'playwright-core'

/**
 * Keeps the largest number of pictures of the page that are on their way at a time as `mostLoading` of the session,
 * which outlives reloads. One that takes longer than its turn goes on beside the next, which on a busy machine happens
 * to many: those that began some seconds ago are not counted.
 */
export async function countLoadingPictures(page: Page): Promise<void> {
  const count = () => {
    interface Picture {
      readonly complete: boolean
      readonly src: string
    }
    const counted = globalThis as unknown as {
      sessionStorage: { mostLoading?: string }
      document: { querySelectorAll(selector: string): Iterable<Picture> }
    }
    const seen = new WeakMap<Picture, { readonly src: string; readonly since: number }>()
    setInterval(() => {
      const recent = [...counted.document.querySelectorAll('img[src]')].filter(picture => {
        const known = seen.get(picture)
        const { since } = known?.src === picture.src ? known : { since: performance.now() }
        seen.set(picture, { src: picture.src, since })
        return !picture.complete && performance.now() - since < 10_000
      })
      const most = Math.max(Number(counted.sessionStorage.mostLoading ?? 0), recent.length)
      counted.sessionStorage.mostLoading = String(most)
    }, 5)
  }
  await page.addInitScript(count)
  await page.evaluate(count)
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Milliseconds until the process behind the window has answered a request of the page. */
export function answerTime(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const started = performance.now()
    await (await fetch(`./index.html?${started}`)).text()
    return performance.now() - started
  })
}

/** Milliseconds from a click in the navigation until the new page's heading is painted, by the page's own clock. */
export function pageChange(page: Page, name: string): Promise<number> {
  return page.evaluate(
    wanted =>
      new Promise<number>((done, failed) => {
        const { document, requestAnimationFrame, performance } = globalThis as unknown as {
          document: {
            querySelectorAll(selector: string): Iterable<{ textContent: string; click(): void }>
            querySelector(selector: string): { textContent: string } | null
          }
          requestAnimationFrame(callback: () => void): void
          performance: { now(): number }
        }
        const link = [...document.querySelectorAll('nav[aria-label="Pages"] a')].find(
          one => one.textContent.trim() === wanted,
        )
        if (!link) return failed(new Error(`The navigation has no ${wanted}.`))
        const started = performance.now()
        const look = () => {
          if (document.querySelector('h1')?.textContent.trim() === wanted) done(performance.now() - started)
          else requestAnimationFrame(look)
        }
        link.click()
        look()
      }),
    name,
  )
}
