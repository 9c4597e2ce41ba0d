import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { tokenizerIn, towerPlaces, towersIn } from './layout.ts'
import type { Towers } from './layout.ts'
import { byHand, refusal } from './refusal.ts'
import { chooseVariant } from './variants.ts'

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

/** How the missing file is usually called. */
const usual: Readonly<Record<keyof Towers, string>> = { video: 'onnx/vision_model.onnx', text: 'onnx/text_model.onnx' }

/**
 * Finds the towers and the tokenizer in a folder of Hugging Face, also in its own cache (`models--OWNER--NAME`).
 * @param variant as in `fp16`; null for the plain one.
 * @throws ExpectedError naming what is missing and where to get it.
 */
export async function findHubFiles(path: string, variant: string | null): Promise<HubFiles> {
  const { folder, name } = await snapshotOf(path)
  // Read first for its own sake: that it cannot be read is said as it is.
  const names = await readdir(folder)
  const paths = (await Promise.all(towerPlaces.map(place => filesIn(folder, place)))).flat()
  const towers = towersIn(paths)
  if (towers.video.size === 0 || towers.text.size === 0) throw missingTowers(folder, { names, paths, towers })
  const chosen = chooseVariant(folder, { ...towers, variant })
  const tokenizer = tokenizerIn(paths, chosen.text)
  if (tokenizer !== null) return { folder, name, ...chosen, tokenizer }
  throw refusal(
    english`${folder} has no tokenizer.json; download it from the model's page too, or make it with transformers: AutoTokenizer.from_pretrained("…").save_pretrained("${folder}").`,
  )
}

/** The cache keeps a folder for each revision, and in `refs/main` which is the newest. */
async function snapshotOf(path: string): Promise<{ folder: string; name: string }> {
  const ofCache = /^models--.+?--(.+)$/
  const cached = ofCache.exec(basename(path))
  if (cached) {
    const snapshots = await readdir(join(path, 'snapshots')).catch((): string[] => [])
    const newest = await readFile(join(path, 'refs/main'), 'utf8').then(
      text => text.trim(),
      () => null,
    )
    const snapshot =
      newest !== null && snapshots.includes(newest) ? newest : snapshots.length === 1 ? snapshots[0] : null
    if (!snapshot) {
      throw refusal(
        english`${path} is a cache with ${snapshots.length} snapshots; give the folder of one, below snapshots.`,
      )
    }
    return { folder: join(path, 'snapshots', snapshot), name: cached[1] ?? snapshot }
  }
  const above = basename(dirname(path)) === 'snapshots' ? ofCache.exec(basename(dirname(dirname(path)))) : null
  return { folder: path, name: above?.[1] ?? basename(path) }
}

/** The files of a folder's folder, with their paths; links of the hub's cache are followed. */
async function filesIn(folder: string, place: string): Promise<string[]> {
  const names = await readdir(join(folder, place)).catch((): string[] => [])
  const files = await Promise.all(
    names.map(async name => ((await isFile(join(folder, place, name))) ? [posix.join(place, name)] : [])),
  )
  return files.flat()
}

function missingTowers(
  folder: string,
  {
    names,
    paths,
    towers: { video, text },
  }: { readonly names: readonly string[]; readonly paths: readonly string[]; readonly towers: Towers },
) {
  const found = [...video.values(), ...text.values()][0]
  if (found !== undefined) {
    const missing = video.size === 0 ? 'video' : 'text'
    return refusal(
      english`${folder} has only one tower, ${found}; download the ${missing === 'video' ? 'vision' : 'text'} tower too, usually ${usual[missing]}, ${byHand}.`,
    )
  }
  const whole = paths.find(name => name.endsWith('.onnx'))
  if (whole !== undefined) {
    return refusal(
      english`${folder} has ${whole}, which is not one of two towers (a model.onnx takes pictures and texts at once); download ${usual.video} and ${usual.text} instead, ${byHand}.`,
    )
  }
  const weights = names.find(name => /\.(safetensors|bin|pt|pth|h5|msgpack)$/.test(name))
  return refusal(
    english`${folder} holds ${weights === undefined ? 'no ONNX files' : `weights for another program (${weights}) and no ONNX files`}; download ${usual.video} and ${usual.text} of an ONNX export of the model${weights === undefined ? '' : ', or give LF-VILA’s configuration with --config, if these are its weights'}.`,
  )
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    information => information.isFile(),
    () => false,
  )
