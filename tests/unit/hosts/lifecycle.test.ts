import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Lifecycle } from '../../../main/workbench/lifecycle.ts'
import type { PartListener } from '../../../main/workbench/lifecycle.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../main/workbench/workbench.ts'

let workspace: string

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'lfvila-lifecycle-'))
})
afterEach(async () => {
  await rm(workspace, { recursive: true, force: true })
})

const open = (onPart?: PartListener, model?: string): Promise<Workbench> =>
  openWorkbench({ host: 'cli', version: 'test', workspace, demo: false, device: 'cpu', onPart, model })

/** What opened and closed, in that order; `failing` is a part whose opening fails. */
function record(failing: string | null, error: Error): { opened: string[]; closed: string[]; onPart: PartListener } {
  const [opened, closed]: [string[], string[]] = [[], []]
  return {
    opened,
    closed,
    onPart(part, event) {
      ;(event === 'opened' ? opened : closed).push(part)
      if (event === 'opened' && part === failing) throw error
    },
  }
}

describe('the parts of a workbench', () => {
  it('close in the reverse of the order in which they open, each once', async () => {
    const { opened, closed, onPart } = record(null, new Error('none'))
    const workbench = await open(onPart)
    expect(closed).toEqual([])
    await workbench.close()
    await workbench.close()
    expect(opened.length).toBeGreaterThan(5)
    expect(closed).toEqual(opened.toReversed())
    // Jobs use nearly everything, so that nothing may close before they have stopped.
    expect(closed.indexOf('running jobs')).toBeLessThan(closed.indexOf('engine'))
    expect(closed.indexOf('running jobs')).toBeLessThan(closed.indexOf('vector store'))
  })

  it('close when any one of them fails, and what it failed with is what is said', async () => {
    const all = record(null, new Error('none'))
    await (await open(all.onPart)).close()
    for (const part of all.opened) {
      const failure = new Error(`${part} does not open`)
      const { opened, closed, onPart } = record(part, failure)
      await expect(open(onPart)).rejects.toBe(failure)
      expect(opened).toEqual(all.opened.slice(0, all.opened.indexOf(part) + 1))
      expect(closed).toEqual(opened.toReversed())
    }
    // Nothing of this keeps the workspace from being used.
    const workbench = await open()
    expect(await workbench.client.jobs.list()).toEqual([])
    await workbench.close()
  })

  it('close when the model that is asked for does not exist', async () => {
    const { opened, closed, onPart } = record(null, new Error('none'))
    await expect(open(onPart, 'nobody')).rejects.toMatchObject({ code: 'model-unknown' })
    expect(opened).toContain('vector store')
    expect(closed).toEqual(opened.toReversed())
  })
})

describe('a lifecycle', () => {
  it('closes what is left when a part fails to close, and throws the first failure', async () => {
    const lifecycle = new Lifecycle()
    const closed: string[] = []
    for (const name of ['first', 'second', 'third']) {
      await lifecycle.open(
        name,
        () => name,
        part => {
          closed.push(part)
          if (part !== 'first') throw new Error(`${part} does not close`)
        },
      )
    }
    await expect(lifecycle.close()).rejects.toThrow('third does not close')
    expect(closed).toEqual(['third', 'second', 'first'])
    await lifecycle.close()
    expect(closed).toHaveLength(3)
  })

  it('owes nothing to a part that never opened', async () => {
    const lifecycle = new Lifecycle()
    const closed: string[] = []
    await lifecycle.open(
      'first',
      () => 'first',
      part => closed.push(part),
    )
    await expect(
      lifecycle.open(
        'second',
        () => Promise.reject(new Error('no room')),
        () => closed.push('second'),
      ),
    ).rejects.toThrow('no room')
    await lifecycle.close()
    expect(closed).toEqual(['first'])
  })
})
