import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serve, status } from '../../../support/file-server.ts'
import type { Answer } from '../../../support/file-server.ts'
import { commitOf } from '../../../support/hub.ts'
import { hubDownloadBench, id, name, needed } from './hub-download-bench.ts'

const bench = hubDownloadBench()

describe('a model of Hugging Face', () => {
  it('is downloaded by its name: what an import takes, at the commit that was listed, and nothing else', async () => {
    const job = await bench.bring()
    expect(job).toMatchObject({ state: 'succeeded', title: `Download ${id}`, problem: null })
    const sizes = needed.map(path => bench.usual.files.get(path)!.length)
    const all = sizes.reduce((sum, size) => sum + size, 0)
    expect(job.progress).toMatchObject({ done: all, total: all, unit: 'bytes', current: 'registering the model' })
    expect(bench.registered).toHaveLength(1)
    const [{ files, weights, ...rest }] = bench.registered as [(typeof bench.registered)[0]]
    expect(rest).toEqual({ source: `${id}@${bench.usual.commit}` })
    expect(weights.endsWith('tiny-clip')).toBe(true)
    expect([...files.keys()].sort()).toEqual([...needed].sort())
    for (const path of needed) expect(files.get(path)!.equals(bench.usual.files.get(path)!)).toBe(true)
    expect(bench.used).toEqual(['model-1'])
    // The model has the files now.
    expect(bench.left()).toEqual([])
    expect(bench.stand.asked).toEqual([
      `/api/models/${name}/revision/main?blobs=true`,
      ...needed.map(path => `/${name}/resolve/${bench.usual.commit}/${path}`),
    ])
    expect(await bench.entry()).toMatchObject({ jobId: job.id, becomesModel: true, models: ['model-1'] })
  })

  it('is taken at another revision and in another variant', async () => {
    expect((await bench.bring(`${id}@${bench.usual.commit}#fp16`)).state).toBe('succeeded')
    expect(bench.registered[0]).toMatchObject({ variant: 'fp16', source: `${id}@${bench.usual.commit}#fp16` })
    expect([...bench.registered[0]!.files.keys()]).toContain('onnx/text_model_fp16.onnx')
    expect([...bench.registered[0]!.files.keys()]).not.toContain('onnx/text_model.onnx')
  })

  it('is not downloaded twice: the one that is there is used', async () => {
    await bench.bring()
    bench.stand.forget()
    expect((await bench.bring()).state).toBe('skipped')
    expect(bench.stand.asked).toEqual([`/api/models/${name}/revision/main?blobs=true`])
    expect([bench.registered.length, bench.used]).toEqual([1, ['model-1', 'model-1']])
    // A new commit is a new model.
    bench.stand.repositories.set(name, { ...bench.usual, commit: commitOf('two') })
    expect((await bench.bring()).state).toBe('succeeded')
    expect(bench.registered).toHaveLength(2)
  })

  it('tells its files and sizes when it is asked for them', async () => {
    const measured = await bench.downloads.measure(id)
    expect(measured).toMatchObject({ licence: 'mit', commit: bench.usual.commit, models: [] })
    expect(measured.files.map(file => file.name)).toEqual(needed)
    expect(measured.files.map(file => file.size)).toEqual(needed.map(path => bench.usual.files.get(path)!.length))
    expect(bench.left()).toEqual([])
  })

  it('goes on where a dropped connection stopped, with the content server’s ranges', async () => {
    const text = bench.usual.files.get('onnx/vision_model.onnx')!
    let first = true
    bench.stand.fault = (_request, where) => {
      if (where === 'hub' || !first) return null
      first = false
      return serve({ content: text, dropAfter: 200 })
    }
    expect((await bench.bring()).state).toBe('succeeded')
    expect(bench.stand.content.ranges.slice(0, 2)).toEqual(['all', 'bytes=200-'])
  })

  it('goes on after the program was closed and opened again, with the commit that was begun', async () => {
    const tower = bench.usual.files.get('onnx/vision_model.onnx')!
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': tower.length, etag: '"x"' }).write(tower.subarray(0, 100))
    }
    bench.stand.fault = (_request, where) => (where === 'content' ? silent : null)
    bench.downloads.start(id)
    const received = async () =>
      (await bench.entry())?.files.find(file => file.name === 'onnx/vision_model.onnx')?.received
    await expect.poll(received, { timeout: 60_000 }).toBe(100)
    await bench.close()
    bench.stand.fault = () => null
    bench.stand.forget()
    // Meanwhile the branch has moved on; the old commit can still be had.
    const [small = ''] = needed
    const moved = new Map(bench.usual.files).set(small, Buffer.from('{"model_type": "clip", "moved": true}'))
    bench.stand.repositories.set(name, { ...bench.usual, files: moved })
    bench.open()
    expect((await bench.jobs.wait(bench.downloads.start(id).jobId)).state).toBe('succeeded')
    expect(bench.registered[0]?.source).toBe(`${id}@${bench.usual.commit}`)
    expect(bench.stand.asked.filter(path => path.startsWith('/api/'))).toEqual([])
  })

  it('is begun anew when its commit is gone between listing and fetching', async () => {
    const rewritten = { ...bench.usual, commit: commitOf('rewritten'), files: new Map(bench.usual.files) }
    bench.stand.fault = request => {
      // Somebody has rewritten the history just after the list was sent.
      if (request.url?.includes('/resolve/')) bench.stand.repositories.set(name, rewritten)
      return null
    }
    expect((await bench.bring()).state).toBe('succeeded')
    expect(bench.registered.map(({ source }) => source)).toEqual([`${id}@${rewritten.commit}`])
  })

  it('leaves nothing half-downloaded when it is cancelled', async () => {
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 200_000, etag: '"x"' }).write(Buffer.alloc(100))
    }
    bench.stand.fault = (_request, where) => (where === 'content' ? silent : null)
    const { jobId } = bench.downloads.start(id)
    await expect.poll(() => bench.stand.content.requests.length, { timeout: 60_000 }).toBeGreaterThan(0)
    bench.jobs.cancel(jobId)
    expect((await bench.jobs.wait(jobId)).state).toBe('cancelled')
    const unfinished = (await bench.entry())!.files.filter(file => !file.complete)
    expect(unfinished.map(file => file.received)).toEqual(unfinished.map(() => 0))
    bench.expectNothing()
    await bench.downloads.remove(id)
    expect(bench.left()).toEqual([])
  })

  it('waits as long as the hub asks, and tries again after its faults', async () => {
    const faults = [status(429, { 'retry-after': '1' }), status(503), status(500)]
    const later = [status(502), status(429, { 'retry-after': '0' })]
    bench.stand.fault = (_request, where) => (where === 'hub' ? faults.shift() : later.shift()) ?? null
    const started = performance.now()
    expect((await bench.bring()).state).toBe('succeeded')
    expect(performance.now() - started).toBeGreaterThan(950)
  })

  it('asks for a new address when the content server’s has expired', async () => {
    const expired = [status(403)]
    bench.stand.fault = (_request, where) => (where === 'content' ? (expired.shift() ?? null) : null)
    expect((await bench.bring()).state).toBe('succeeded')
  })
})

it('is in the list for as long as it was asked for, and can be taken from it', async () => {
  bench.stand.repositories.clear()
  await bench.bring()
  expect(await bench.entry()).toMatchObject({ title: id, files: [], models: [] })
  await bench.downloads.remove(id)
  expect(await bench.entry()).toBeUndefined()
})

it('keeps what was downloaded when registering fails, and goes on with it', async () => {
  const files = new Map(bench.usual.files)
  const tower = files.get('onnx/text_model.onnx')!
  files.set('onnx/text_model.onnx', tower.subarray(0, 50))
  bench.stand.repositories.set(name, { ...bench.usual, files })
  expect((await bench.bring()).problem).toMatch(/^hf:tester\/tiny-clip\/onnx\/text_model\.onnx/)
  bench.expectNothing()
  expect((await bench.entry())?.files.find(({ name: file }) => file === 'tokenizer.json')).toMatchObject({
    complete: true,
  })
  const [folder = ''] = bench.left()
  expect(readFileSync(join(bench.hubFolder(), folder, 'manifest.json'), 'utf8')).toContain(bench.usual.commit)
})
