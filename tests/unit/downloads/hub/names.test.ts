import { describe, expect, it } from 'vitest'
import { hubServer } from '../../../../main/downloads/hub/hub-server.ts'
import { parseRepository, repositoryId } from '../../../../main/downloads/hub/repository.ts'

const plain = { name: 'Xenova/clip-vit-base-patch32', revision: 'main', variant: null }

describe('the name of a model on Hugging Face', () => {
  it.each([
    ['hf:Xenova/clip-vit-base-patch32', plain],
    ['HF:Xenova/clip-vit-base-patch32', plain],
    ['hf://Xenova/clip-vit-base-patch32', plain],
    ['  Xenova/clip-vit-base-patch32 ', plain],
    ['https://huggingface.co/Xenova/clip-vit-base-patch32', plain],
    ['https://huggingface.co/Xenova/clip-vit-base-patch32/', plain],
    ['huggingface.co/Xenova/clip-vit-base-patch32/tree/main/onnx', plain],
    ['https://huggingface.co/Xenova/clip-vit-base-patch32/tree/refs%2Fpr%2F1', { ...plain, revision: 'refs/pr/1' }],
    ['hf:Xenova/clip-vit-base-patch32@v1.0', { ...plain, revision: 'v1.0' }],
    ['hf:Xenova/clip-vit-base-patch32@refs/pr/1', { ...plain, revision: 'refs/pr/1' }],
    ['hf:Xenova/clip-vit-base-patch32#FP16', { ...plain, variant: 'fp16' }],
    ['hf:Xenova/clip-vit-base-patch32@main#q4', { ...plain, variant: 'q4' }],
  ])('is understood in %s', (text, expected) => {
    const found = parseRepository(text)
    expect(found).toEqual(expected)
    expect(parseRepository(repositoryId(found))).toEqual(expected)
  })

  it.each([
    ...['hf:', 'hf:clip', 'hf:/clip', 'hf:Xenova/', 'hf:a/b/c', 'hf:../clip', 'hf:a/..', 'hf:a/b@', 'hf:a/b@../x'],
    ...[
      'hf:a/b c',
      'hf:a/b?x=1',
      'hf:a--b/c',
      'hf:-a/b',
      'hf:a/b.git',
      'hf:a/b#',
      'hf:a/b@x#../y',
      'https://evil.example/a/b',
    ],
    `hf:${'a'.repeat(200)}/b`,
  ])('is refused with what is expected: %s', text => {
    expect(() => parseRepository(text)).toThrow(/hf:OWNER\/NAME/)
  })
})

describe('where the hub is asked', () => {
  const none = { downloadMirror: null }
  const token = { HF_TOKEN: ' hf_secret ' }

  it('is the hub itself, with the token', () => {
    expect(hubServer(none, token)).toEqual({ endpoint: 'https://huggingface.co', isHub: true, token: 'hf_secret' })
    expect(hubServer(none, {}).token).toBeNull()
    expect(hubServer(none, { HF_TOKEN: '', HF_ENDPOINT: ' ' })).toMatchObject({ isHub: true, token: null })
  })

  it('is what HF_ENDPOINT names, with the token', () => {
    const environment = { ...token, HF_ENDPOINT: 'https://hub.example/hf/' }
    expect(hubServer(none, environment)).toEqual({
      endpoint: 'https://hub.example/hf',
      isHub: false,
      token: 'hf_secret',
    })
    expect(() => hubServer(none, { HF_ENDPOINT: 'hub.example' })).toThrow(/HF_ENDPOINT is ‘hub\.example’/)
  })

  it('is the mirror of the settings before that, which is not told the token', () => {
    const mirror = { downloadMirror: 'https://mirror.example/' }
    expect(hubServer(mirror, token)).toEqual({ endpoint: 'https://mirror.example', isHub: false, token: null })
    const same = { ...token, HF_ENDPOINT: 'https://mirror.example' }
    expect(hubServer(mirror, same).token).toBe('hf_secret')
  })
})
