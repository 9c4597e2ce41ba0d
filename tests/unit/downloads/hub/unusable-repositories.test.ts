import { describe, expect, it } from 'vitest'
import { serve } from '../../../support/file-server.ts'
import { commitOf } from '../../../support/hub.ts'
import { hubDownloadBench, id, name, needed } from './hub-download-bench.ts'

const bench = hubDownloadBench()

describe('a repository that cannot be imported', () => {
  const without = (...paths: string[]) => new Map([...bench.usual.files].filter(([path]) => !paths.includes(path)))
  const onnx = () => [...bench.usual.files.keys()].filter(path => path.includes('.onnx'))

  it.each<[string, string, () => ReadonlyMap<string, Buffer>, RegExp]>([
    [
      'without ONNX files',
      id,
      () => without(...onnx()),
      /has no ONNX files: look for an ONNX export .*search=tiny-clip, or export it with .*--split_modalities/,
    ],
    [
      'without towers',
      id,
      () => without(...onnx().filter(path => path !== 'onnx/model.onnx')),
      /has onnx\/model\.onnx, but no two towers/,
    ],
    [
      'with one tower',
      id,
      () => without('onnx/text_model.onnx', 'onnx/text_model_fp16.onnx'),
      /has only one tower .* onnx\/vision_model/,
    ],
    ['without a tokenizer', id, () => without('tokenizer.json'), /has no tokenizer\.json/],
    ['without config.json', id, () => without('config.json'), /has no config\.json/],
    [
      'without preprocessor_config.json',
      id,
      () => without('preprocessor_config.json'),
      /has no preprocessor_config\.json/,
    ],
    [
      'without the variant',
      `${id}#q4`,
      () => bench.usual.files,
      /has no variant ‘q4’ of both towers; it has plain, fp16/,
    ],
    [
      'without the weights beside a tower',
      id,
      () => without('onnx/text_model.onnx_data'),
      /lacks onnx\/text_model\.onnx_data/,
    ],
    [
      'of an unknown family',
      id,
      () => new Map(bench.usual.files).set('config.json', Buffer.from('{"model_type": "llama"}')),
      /names the family ‘llama’/,
    ],
  ])('is refused: %s', async (_what, asked, files, sentence) => {
    bench.stand.repositories.set(name, { ...bench.usual, files: files() })
    const { state, problem } = await bench.bring(asked)
    expect([state, problem]).toEqual(['failed', expect.stringMatching(sentence)])
    expect(problem).toContain(asked)
    bench.expectNothing()
  })

  it('costs no large file when the family is unknown', async () => {
    bench.stand.repositories.set(name, {
      ...bench.usual,
      files: new Map(bench.usual.files).set('config.json', Buffer.from('{"model_type": "llama"}')),
    })
    await bench.bring()
    expect(bench.stand.content.requests).toEqual([])
  })

  it('names the repository that has the towers of a well-known one', async () => {
    bench.stand.repositories.set('openai/clip-vit-base-patch32', { ...bench.usual, files: without(...onnx()) })
    const { problem } = await bench.bring('hf:openai/clip-vit-base-patch32')
    expect(problem).toMatch(/has no ONNX files: hf:Xenova\/clip-vit-base-patch32 has them/)
  })

  it('may not lead out of its folder', async () => {
    const files = new Map(bench.usual.files)
      .set('../../outside.json', Buffer.from('{}'))
      .set('/etc/x', Buffer.from('{}'))
    bench.stand.repositories.set(name, { ...bench.usual, files })
    expect((await bench.downloads.measure(id)).files.map(file => file.name)).toEqual(needed)
  })
})

describe('bytes that are not those that were listed', () => {
  const sent = (path: string, content: Buffer, headers: Record<string, string> = {}) => {
    bench.stand.fault = request => (request.url?.includes(path) ? serve({ content, headers }) : null)
  }
  const same = (path: string) => Buffer.from(bench.usual.files.get(path)!.map(byte => byte ^ 1))

  it('of a small file are known by Git’s hash', async () => {
    sent('/resolve/', same('config.json'))
    expect((await bench.bring()).problem).toMatch(
      /config\.json does not have the published Git hash and was thrown away/,
    )
    bench.expectNothing()
  })

  it('of a large file are known by the SHA-256', async () => {
    bench.stand.fault = (_request, where) =>
      where === 'content' ? serve({ content: same('onnx/vision_model.onnx'), etag: null }) : null
    expect((await bench.bring()).problem).toMatch(/vision_model\.onnx does not have the published SHA-256/)
    bench.expectNothing()
  })

  it('are known by their size', async () => {
    sent('/resolve/', Buffer.from('{}'))
    expect((await bench.bring()).problem).toMatch(/sends 2 bytes as config\.json, which was published with \d+ bytes/)
    bench.expectNothing()
  })

  it('are known by the commit they are of', async () => {
    sent('/resolve/', bench.usual.files.get('config.json')!, { 'x-repo-commit': commitOf('elsewhere') })
    expect((await bench.bring()).problem).toMatch(/sends commit [0-9a-f]{40} of tester\/tiny-clip where [0-9a-f]{40}/)
    bench.expectNothing()
  })
})
