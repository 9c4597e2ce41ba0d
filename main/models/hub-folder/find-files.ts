import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { byHand, refusal } from './refusal.ts'
import { chooseVariant } from './variants.ts'
import type { VariantFiles } from './variants.ts'

/** The files of a folder that a pair is made of: paths relative to it, with slashes. */
export interface HubFiles {
  readonly folder: string
  /** The repository's name, where the path tells it. */
  readonly name: string
  /** The variant of the towers, empty for the plain one. */
  readonly variant: string
  readonly video: string
  readonly text: string
  readonly tokenizer: string
}

type TowerName = 'video' | 'text'

/**
 * The beginnings of a tower's file names in the folder or its `onnx`, before `_fp16` and such; the surer ones first.
 */
const stems: Readonly<Record<TowerName, readonly string[]>> = {
  video: [
    ...['video_model', 'vision_model', 'image_model', 'visual_model'],
    ...['video_encoder', 'vision_encoder', 'image_encoder', 'visual'],
  ],
  text: ['text_model', 'text_encoder', 'textual'],
}
/** Folders of one tower, in which it is called `model`. */
const towerFolders: Readonly<Record<TowerName, readonly string[]>> = {
  video: ['video', 'vision', 'visual', 'image', ...stems.video],
  text: ['text', ...stems.text],
}
const places = ['onnx', '.'] as const
/** How the missing file is usually called. */
const usual: Readonly<Record<TowerName, string>> = { video: 'onnx/vision_model.onnx', text: 'onnx/text_model.onnx' }

/**
 * Finds the towers and the tokenizer in a folder of Hugging Face, also in its own cache (`models--OWNER--NAME`).
 * @param variant as in `fp16`; null for the plain one.
 * @throws ExpectedError naming what is missing and where to get it.
 */
export async function findHubFiles(path: string, variant: string | null): Promise<HubFiles> {
  const { folder, name } = await snapshotOf(path)
  const names = await readdir(folder)
  const [video, text] = [await towerFiles(folder, 'video'), await towerFiles(folder, 'text')]
  if (video.size === 0 || text.size === 0) throw await missingTowers(folder, video, text)
  const chosen = chooseVariant(folder, { video, text, variant })
  const inTextFolder = dirname(chosen.text)
  const places = [...(names.includes('tokenizer.json') ? ['tokenizer.json'] : []), `${inTextFolder}/tokenizer.json`]
  const vocabularies = ['vocab.txt', `${inTextFolder}/vocab.txt`]
  for (const tokenizer of [...places, ...vocabularies]) {
    if (await isFile(join(folder, tokenizer))) return { folder, name, ...chosen, tokenizer }
  }
  throw refusal(
    `${folder} has no tokenizer.json; download it from the model's page too, or make it with transformers: AutoTokenizer.from_pretrained("…").save_pretrained("${folder}").`,
  )
}

/** The cache keeps a folder for each revision, and in `refs/main` which is the newest. */
async function snapshotOf(path: string): Promise<{ folder: string; name: string }> {
  const ofCache = /^models--.+?--(.+)$/
  const cached = ofCache.exec(basename(path))
  if (cached) {
    const snapshots = await listed(join(path, 'snapshots'))
    const newest = await readFile(join(path, 'refs/main'), 'utf8').then(
      text => text.trim(),
      () => null,
    )
    const snapshot =
      newest !== null && snapshots.includes(newest) ? newest : snapshots.length === 1 ? snapshots[0] : null
    if (!snapshot) {
      throw refusal(`${path} is a cache with ${snapshots.length} snapshots; give the folder of one, below snapshots.`)
    }
    return { folder: join(path, 'snapshots', snapshot), name: cached[1] ?? snapshot }
  }
  const above = basename(dirname(path)) === 'snapshots' ? ofCache.exec(basename(dirname(dirname(path)))) : null
  return { folder: path, name: above?.[1] ?? basename(path) }
}

/** The ONNX files of one tower, by variant. */
async function towerFiles(folder: string, tower: TowerName): Promise<VariantFiles> {
  for (const place of places) {
    const names = await listed(join(folder, place))
    for (const stem of stems[tower]) {
      const files = variantsOf(place, names, stem)
      if (files.size > 0) return files
    }
    for (const inner of towerFolders[tower].filter(one => names.includes(one))) {
      const files = variantsOf(joined(place, inner), await listed(join(folder, place, inner)), 'model')
      if (files.size > 0) return files
    }
  }
  return new Map()
}

function variantsOf(place: string, names: readonly string[], stem: string): VariantFiles {
  return new Map(
    names.flatMap(name => {
      if (!name.startsWith(stem)) return []
      const match = /^(?:[_.-]([a-z0-9_-]+))?\.onnx$/i.exec(name.slice(stem.length))
      return match ? [[(match[1] ?? '').toLowerCase(), joined(place, name)] as const] : []
    }),
  )
}

/** The names in a folder; none where there is no folder. */
const listed = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => [])

const joined = (place: string, name: string): string => (place === '.' ? name : `${place}/${name}`)

async function missingTowers(folder: string, video: VariantFiles, text: VariantFiles) {
  const found = [...video.values(), ...text.values()][0]
  if (found !== undefined) {
    const missing = video.size === 0 ? 'video' : 'text'
    return refusal(
      `${folder} has only one tower, ${found}; download the ${missing === 'video' ? 'vision' : 'text'} tower too, usually ${usual[missing]}, ${byHand}.`,
    )
  }
  const all = await readdir(folder)
  const onnx = [...all, ...(await listed(join(folder, 'onnx'))).map(name => `onnx/${name}`)]
  const whole = onnx.find(name => name.endsWith('.onnx'))
  if (whole !== undefined) {
    return refusal(
      `${folder} has ${whole}, which is not one of two towers (a model.onnx takes pictures and texts at once); download ${usual.video} and ${usual.text} instead, ${byHand}.`,
    )
  }
  const weights = all.find(name => /\.(safetensors|bin|pt|pth|h5|msgpack)$/.test(name))
  return refusal(
    `${folder} holds ${weights === undefined ? 'no ONNX files' : `weights for another program (${weights}) and no ONNX files`}; download ${usual.video} and ${usual.text} of an ONNX export of the model${weights === undefined ? '' : ', or give LF-VILA’s configuration with --config, if these are its weights'}.`,
  )
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    information => information.isFile(),
    () => false,
  )
