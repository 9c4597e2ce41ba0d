import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compile } from '../../../main/programs/compile.ts'
import { programFile } from '../../../main/programs/program-files.ts'
import { emptyRegistry } from '../../support/models/models.ts'

it('a program is made once per model, and again in the place of one that other code made', async () => {
  const { registry, folder } = await emptyRegistry()
  await registry.ensureShipped()
  const model = await registry.lfVila('starter')
  const old = join(folder, 'starter', 'encode-text-fp32.0123456789ab.onnx')
  await writeFile(old, 'made by other code')
  const recipe = { program: 'encode-text', precision: 'fp32' } as const
  const path = await programFile(model, recipe)
  const made = await stat(path)
  expect((await readdir(join(folder, 'starter'))).filter(name => name.startsWith('encode-text'))).toEqual([
    path.split(/[\\/]/).at(-1),
  ])

  expect(await programFile(model, recipe)).toBe(path)
  expect((await stat(path)).mtimeMs).toBe(made.mtimeMs)
  expect(await programFile(model, { ...recipe, precision: 'int8' })).not.toBe(path)
  expect((await stat(path)).mtimeMs).toBe(made.mtimeMs)
})

it('what the compile thread cannot do is said where it was asked', async () => {
  const { registry, folder } = await emptyRegistry()
  await registry.ensureShipped()
  await expect(compile({ make: 'shipped', models: folder, ids: ['starter'] })).rejects.toMatchObject({
    name: 'ExpectedError',
    code: 'model-exists',
  })
  const stop = new AbortController()
  const elsewhere = join(folder, '..', 'elsewhere')
  await mkdir(elsewhere)
  const stopped = compile({ make: 'shipped', models: elsewhere, ids: ['starter'] }, stop.signal)
  stop.abort(new Error('stopped'))
  await expect(stopped).rejects.toThrow('stopped')
  expect(await readdir(elsewhere)).not.toContain('starter')
})
