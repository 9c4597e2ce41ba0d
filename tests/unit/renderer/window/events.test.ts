import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Job, WorkbenchEvent } from '../../../../main/api/index.ts'
import { followWorkbench } from '../../../../renderer/stores/events.ts'
import { useJobs } from '../../../../renderer/stores/jobs.ts'
import { useLibrary } from '../../../../renderer/stores/library.ts'
import { useModels } from '../../../../renderer/stores/models.ts'

/** A workbench that answers every question with an empty list, and tells what a test has it tell. */
const workbench = vi.hoisted(() => ({
  asked: [] as string[],
  jobs: [] as unknown[],
  tell: null as ((event: unknown) => void) | null,
  hangUp: null as (() => void) | null,
  state: null as { value: string } | null,
}))
vi.mock('../../../../renderer/client/client.ts', async () => {
  const { ref } = await import('vue')
  const state = ref('connecting')
  workbench.state = state
  async function* events(): AsyncGenerator<unknown> {
    for (;;) {
      const event = await new Promise((resolve, reject) => {
        workbench.tell = resolve
        workbench.hangUp = () => reject(new Error('the line broke'))
      })
      yield event
    }
  }
  const answer = (path: string): unknown => {
    workbench.asked.push(path)
    if (path === 'app.events') return events()
    if (path === 'jobs.list') return workbench.jobs
    return path === 'app.settings' ? { theme: 'dark' } : []
  }
  const group = (name: string) =>
    new Proxy({}, { get: (_, procedure) => () => Promise.resolve(answer(`${name}.${String(procedure)}`)) })
  return { connectionState: state, client: new Proxy({}, { get: (_, name) => group(String(name)) }) }
})

const job = (changes: Partial<Job>): Job =>
  ({ id: 1, kind: 'index', state: 'running', title: 'Index', failures: [], problem: null, ...changes }) as Job
const told = async (event: WorkbenchEvent) => {
  const tell = await vi.waitUntil(() => workbench.tell)
  workbench.tell = null
  tell(event)
}
const count = (path: string) => workbench.asked.filter(one => one === path).length

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  setActivePinia(createPinia())
  vi.stubGlobal('navigator', { language: 'en-GB' })
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
  vi.stubGlobal('document', { documentElement: { dataset: {} } })
  Object.assign(workbench, { asked: [], jobs: [], tell: null, hangUp: null })
  workbench.state!.value = 'connecting'
  followWorkbench()
})
afterEach(() => {
  workbench.state!.value = 'lost'
  workbench.hangUp?.()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('asks for nothing before the line is open, then listens first and reads everything after', async () => {
  expect(workbench.asked).toEqual([])
  workbench.state!.value = 'open'
  await vi.waitFor(() => expect(count('evaluation.list')).toBe(1))
  expect(workbench.asked[0]).toBe('app.events')
  expect(workbench.asked).toEqual(
    expect.arrayContaining(['jobs.list', 'library.summary', 'models.list', 'training.list']),
  )
})

it('follows a job, and says its end aloud once', async () => {
  const jobs = useJobs()
  workbench.state!.value = 'open'
  await told({ type: 'job', job: job({}) })
  await vi.waitFor(() => expect(jobs.current?.title).toBe('Index'))
  expect(jobs.announcement).toBe('')
  await told({ type: 'job', job: job({ state: 'succeeded' }) })
  await vi.waitFor(() => expect(jobs.current).toBeNull())
  expect(jobs.announcement).toContain('Index')
  await told({ type: 'job-removed', id: 1 })
  await vi.waitFor(() => expect(jobs.list).toEqual([]))
})

it('reads the library once for many changes of it', async () => {
  const library = useLibrary()
  workbench.state!.value = 'open'
  await vi.waitFor(() => expect(library.revision).toBe(1))
  for (let change = 0; change < 5; change += 1) await told({ type: 'library' })
  await vi.waitUntil(() => workbench.tell)
  expect(library.revision).toBe(1)
  await vi.advanceTimersByTimeAsync(1_000)
  await vi.waitFor(() => expect(library.revision).toBe(2))
})

it('reads everything again when the line was lost and is back', async () => {
  const models = useModels()
  workbench.state!.value = 'open'
  await vi.waitFor(() => expect(models.loaded).toBe(true))
  await vi.waitUntil(() => workbench.hangUp)
  workbench.state!.value = 'lost'
  workbench.hangUp?.()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(count('models.list')).toBe(1)
  workbench.jobs = [job({ id: 9, title: 'Began meanwhile' })]
  workbench.state!.value = 'open'
  await vi.waitFor(() => expect(useJobs().current?.title).toBe('Began meanwhile'))
  expect(count('models.list')).toBe(2)
})
