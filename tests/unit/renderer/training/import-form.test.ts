import { describe, expect, it } from 'vitest'
import { importInput } from '../../../../main/api/models.ts'
import { emptyImport, toImportInput } from '../../../../renderer/features/models/import/import-form.ts'

describe('an import in the form', () => {
  it('asks for nothing but the weights where nothing else is filled in', () => {
    const input = toImportInput({ ...emptyImport, weights: '/models/a.bin' })
    expect(input).toEqual(importInput.parse({ weights: ['/models/a.bin'] }))
  })

  it('takes a file a line, without the spaces and empty lines of what was pasted', () => {
    const input = toImportInput({ ...emptyImport, weights: '  /models/base.bin \r\n\n/models/with space.bin\n' })
    expect(input.weights).toEqual(['/models/base.bin', '/models/with space.bin'])
  })

  it('sends where missing weights come from only when they are to be made', () => {
    const filled = { ...emptyImport, weights: 'a.bin', swin: ' /swin.pth ', bert: ' ', seed: 7 }
    expect(toImportInput(filled).init).toBeNull()
    expect(toImportInput({ ...filled, initialise: true }).init).toEqual({
      swin: '/swin.pth',
      bert: null,
      seed: 7,
      start: 'published',
    })
  })

  it('sends the variant of a folder only when one is named', () => {
    expect(toImportInput({ ...emptyImport, weights: '/models/clip' })).not.toHaveProperty('variant', expect.anything())
    expect(toImportInput({ ...emptyImport, weights: '/models/clip', variant: ' fp16 ' }).variant).toBe('fp16')
  })

  it('sends the chosen kind and fitting of bias tables', () => {
    expect(toImportInput({ ...emptyImport, kind: 'retrieval', resizeBias: 'time' })).toMatchObject({
      kind: 'retrieval',
      resizeBias: 'time',
    })
  })
})
