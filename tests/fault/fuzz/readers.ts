import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readCaptions } from '../../../main/library/captions/captions.ts'
import { readIndex } from '../../../main/media/containers/iso/iso-boxes.ts'
import { isoFormat, isoSamples } from '../../../main/media/containers/iso/iso-tracks.ts'
import { matroskaFormat } from '../../../main/media/containers/matroska/matroska-format.ts'
import { listedAvi } from '../../../main/media/probing/listed/listed-avi.ts'
import { listedIso } from '../../../main/media/probing/listed/listed-iso.ts'
import { listedMatroska } from '../../../main/media/probing/listed/listed-matroska.ts'
import { readMapping } from '../../../main/reading-process/files/config-file.ts'
import { readNpy } from '../../../main/verify/npy.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { starterVocabulary } from '../../../native-models/starter/vocabulary.ts'
import { readTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import { legacyTorch, oneTensor } from '../../support/models/pickles.ts'
import { writeNumberedVideo } from '../../support/videos/numbered-video.ts'
import { zipArchive } from '../../unit/native-models/checkpoints/zip-archive.ts'

/** Files of one format and what reads them, to the last value. */
export interface FuzzedReader {
  /** What the file is called, for readers that go by the extension. */
  readonly fileName: string
  readonly cases: number
  files(): Promise<Buffer[]>
  read(path: string): Promise<unknown>
}

const fixture = (name: string): Promise<Buffer> => readFile(join('tests/fixtures', name))
const checkpoints =
  (...names: string[]) =>
  () =>
    Promise.all(names.map(name => fixture(`checkpoints/${name}`)))
const texts =
  (...contents: string[]) =>
  () =>
    Promise.resolve(contents.map(content => Buffer.from(content)))

async function readCheckpoint(path: string): Promise<void> {
  const checkpoint = await openCheckpoint(path, { scratch: dirname(path) })
  try {
    for (const tensor of checkpoint.tensors.values()) await tensor.read()
  } finally {
    await checkpoint.close()
  }
}

function safetensors(header: string, data: number): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data, 0x3f)])
}

async function readTexts(path: string): Promise<void> {
  const tokenizer = await readTokenizer(path)
  for (const text of ['', 'a man opens the door', 'unaffable — naïve 東京 [MASK] 🎬', 'x'.repeat(300)]) {
    tokenizer.encode(text, 16)
  }
}

/** A mutated index of two files that are sound. */
async function readSharded(path: string): Promise<void> {
  for (const [name, key] of [
    ['one.bin', 'a'],
    ['two.bin', 'b'],
  ] as const) {
    await writeFile(
      join(dirname(path), name),
      safetensors(`{"${key}":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 4),
    )
  }
  await readCheckpoint(path)
}

/** A mutated configuration together with a sound one of the other kind. */
async function readConfig(path: string): Promise<void> {
  const sound = join(dirname(path), 'sound.json')
  await writeFile(sound, await fixture('tiny-a/bert_config.json'))
  parseConfig(await readMapping(path), await readMapping(sound))
}

const videoFrames = 40

/** The described parts of small videos: an MP4 file's index, a Matroska file up to its first packets. */
function videoHeads(names: readonly string[], head: (bytes: Buffer) => Buffer): () => Promise<Buffer[]> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lfvila-fuzz-videos-'))
    try {
      return await Promise.all(
        names.map(async name => {
          const file = join(folder, name)
          await writeNumberedVideo({
            file,
            frames: videoFrames,
            before: ['-f', 'lavfi', '-t', '1', '-i', 'sine'],
            encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '10', '-color_range', 'tv'],
          })
          return head(await readFile(file))
        }),
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function movieIndex(bytes: Buffer): Buffer {
  const at = bytes.indexOf('moov') - 4
  return bytes.subarray(at, at + bytes.readUInt32BE(at))
}

/** With the number of frames that the video has, and with the one that the index tells. */
async function readMovieIndex(path: string): Promise<void> {
  const file = await open(path)
  try {
    const index = await readIndex(file)
    const sizes = index.indexOf('stsz')
    const told = sizes >= 0 && sizes + 16 <= index.length ? index.readUInt32BE(sizes + 12) : 0
    await listedIso(file)
    const [samples, format] = [isoSamples(index, videoFrames), isoFormat(index), isoSamples(index, told)]
    if (!samples || !format) throw new ExpectedError('video-unreadable', 'The index does not tell everything.')
  } finally {
    await file.close()
  }
}

async function readWholeMatroska(path: string): Promise<void> {
  const file = await open(path)
  try {
    const [whole, beginning] = [
      await listedMatroska(file, { whole: true }),
      await listedMatroska(file, { whole: false }),
    ]
    if (!whole || !beginning) throw new ExpectedError('video-unreadable', 'The file does not tell everything.')
  } finally {
    await file.close()
  }
}

async function readAvi(path: string): Promise<void> {
  const file = await open(path)
  try {
    if (!(await listedAvi(file))) throw new ExpectedError('video-unreadable', 'The file does not tell everything.')
  } finally {
    await file.close()
  }
}

async function readMatroskaHead(path: string): Promise<void> {
  if (!matroskaFormat(await readFile(path))) {
    throw new ExpectedError('video-unreadable', 'The head does not tell the format.')
  }
}

const yaml = `bert_config: bert.json
type_vocab_size: 8
VideoEncoder: {patch_size: [1, 8, 8], embed_dim: 64, depths: [1, 1], num_heads: [1, 2], downsample_stages: [0],
  window_size: [[2, 3, 5], [4, 3, 5]], patch_norm: true
}
DATA:
  sample_frame: 8
  sample_clip: 4
  input_res: &size [96, 160]
  eval_res: *size
TRAINING: {temp: 0.05}
`
const words = starterVocabulary()
const wordLevel = JSON.stringify({
  version: '1.0',
  added_tokens: [{ id: 0, content: '[UNK]', special: true }],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', unk_token: '[UNK]', vocab: { '[UNK]': 0, a: 1, man: 2, door: 3 } },
})

export const readers: Readonly<Record<string, FuzzedReader>> = {
  'torch zip': {
    fileName: 'model.bin',
    cases: 3000,
    files: checkpoints('views.pt', 'deepspeed.pt', 'protocol4.pt', 'types.pt'),
    read: readCheckpoint,
  },
  'torch before 1.6': {
    fileName: 'model.pth',
    cases: 3000,
    read: readCheckpoint,
    files: async () => [
      ...(await checkpoints('legacy.pt', 'deepspeed.legacy.pt', 'protocol4.legacy.pt', 'types.legacy.pt')()),
      legacyTorch(oneTensor('K\x02', 'K\x00', 'K\x01\x85', 'K\x01\x85', '(U\x01pK\x01K\x01t')),
    ],
  },
  safetensors: {
    fileName: 'model.safetensors',
    cases: 2000,
    read: readCheckpoint,
    files: async () => [
      safetensors(
        '{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"c":{"dtype":"I64","shape":[],"data_offsets":[22,30]}}',
        30,
      ),
      safetensors('{"w":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}', 8),
    ],
  },
  archive: {
    fileName: 'release.zip',
    cases: 1500,
    read: readCheckpoint,
    files: async () => {
      const release = {
        'release/vocab.txt': Buffer.from('[PAD]\n'),
        'release/pytorch_model.bin': await fixture('checkpoints/protocol4.pt'),
      }
      return [
        zipArchive(release),
        zipArchive(release, { deflated: true }),
        zipArchive(release, { zip64: true }),
        zipArchive(release, { deflated: true, zip64: true }),
      ]
    },
  },
  'index of files': {
    fileName: 'model.bin.index.json',
    cases: 300,
    files: texts('{"metadata": {"total_size": 8}, "weight_map": {"a": "one.bin", "b": "two.bin"}}'),
    read: readSharded,
  },
  'numpy array': {
    fileName: 'array.npy',
    cases: 1500,
    files: () =>
      Promise.all(
        ['span_loss', 'span_prediction', 'labels', 'span_labels'].map(name =>
          fixture(`tiny-a/qa_multichoice/${name}.npy`),
        ),
      ),
    read: readNpy,
  },
  vocabulary: {
    fileName: 'vocab.txt',
    cases: 300,
    files: texts(words.join('\n'), words.join('\r\n')),
    read: readTexts,
  },
  'tokenizer.json': { fileName: 'tokenizer.json', cases: 700, files: texts(wordLevel), read: readTexts },
  'YAML configuration': { fileName: 'model.yaml', cases: 700, files: texts(yaml), read: readConfig },
  'JSON configuration': {
    fileName: 'model.json',
    cases: 500,
    files: async () => [await fixture('tiny-a/model_config.json')],
    read: readConfig,
  },
  'index of MP4': {
    fileName: 'video.mp4',
    cases: 3000,
    files: videoHeads(['a.mp4', 'b.mov'], movieIndex),
    read: readMovieIndex,
  },
  'head of Matroska': {
    fileName: 'video.mkv',
    cases: 1500,
    files: videoHeads(['a.mkv'], bytes => bytes.subarray(0, 2000)),
    read: readMatroskaHead,
  },
  'whole Matroska': {
    fileName: 'video.mkv',
    cases: 1500,
    files: videoHeads(['a.mkv'], bytes => bytes),
    read: readWholeMatroska,
  },
  AVI: {
    fileName: 'video.avi',
    cases: 1500,
    files: videoHeads(['a.avi'], bytes => bytes),
    read: readAvi,
  },
  subtitles: {
    fileName: 'video.srt',
    cases: 500,
    files: texts(
      '1\n00:00:01,000 --> 00:00:04,000\n<i>A man</i> opens &amp; closes the door.\n\n2\n00:00:05,000 --> 00:00:07,500\nHe leaves.\n',
    ),
    read: readCaptions,
  },
  'captions in JSON': {
    fileName: 'video.json',
    cases: 500,
    files: texts(
      '{"sentences": ["A man.", "A door."], "timestamps": [[0, 1.5], [1.5, 3]]}',
      '[{"text": "A man.", "start": 0, "end": 2}]',
    ),
    read: readCaptions,
  },
}

/** Readers with one bug each, for showing that the bug is found. */
export const plantedBugs: Readonly<Record<string, FuzzedReader>> = Object.fromEntries(
  Object.entries<(bytes: Buffer) => unknown>({
    'throws what is no sentence': bytes => bytes[0] === 0x80 && bytes.toString().at(20)!.codePointAt(0),
    'believes a count': bytes =>
      bytes.length > 4 && bytes.readUInt32LE(1) > 2 ** 30 && (kept ??= Buffer.alloc(720 * 2 ** 20, 1)),
    'never ends': bytes => {
      // The bug, but for tests that are stopped amid it: nobody is there to end it then.
      const soon = Date.now() + 600_000
      while (bytes[0] !== 0x80 && Date.now() < soon);
    },
    'fails when nobody waits': bytes => bytes[0] !== 0x80 && void Promise.reject(new TypeError('nobody waits')),
  }).map(([name, read]) => [
    name,
    {
      fileName: 'planted.bin',
      cases: 300,
      files: async () => [legacyTorch(oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85'))],
      read: async (path: string) => read(await readFile(path)),
    },
  ]),
)
let kept: Buffer | undefined
