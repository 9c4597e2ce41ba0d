import { posix } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { configurationNames } from '../../models/hub-folder/configuration.ts'
import { foldersOfTowers, tokenizerIn, towersIn } from '../../models/hub-folder/layout.ts'
import { chooseVariant } from '../../models/hub-folder/variants.ts'
import { otherExport } from './known-exports.ts'
import type { HubFile, HubListing } from './listing.ts'
import { repositoryId } from './repository.ts'
import type { Repository } from './repository.ts'

/** What an import takes of a repository, and nothing else. */
export interface HubPlan {
  readonly configurations: readonly HubFile[]
  readonly tokenizer: HubFile
  readonly towers: readonly HubFile[]
  /** What most likely are the weights beside the towers, by their names; the towers themselves tell in the end. */
  readonly data: readonly HubFile[]
  /** Folders of single towers. */
  readonly towerFolders: readonly string[]
}

/**
 * Chooses the files of a repository that an import needs, before a byte of them is here.
 * @throws ExpectedError naming what is missing, with the remedy.
 */
export function planFiles(repository: Repository, { files }: HubListing): HubPlan {
  const id = repositoryId(repository)
  const byPath = new Map(files.map(file => [file.path, file]))
  const paths = [...byPath.keys()]
  const towers = towersIn(paths)
  if (towers.video.size === 0 || towers.text.size === 0) throw withoutTowers(repository, paths)
  const { video, text } = chooseVariant(id, { ...towers, variant: repository.variant })
  const tokenizer = tokenizerIn(paths, text)
  if (tokenizer === null) {
    throw refusal(
      english`${id} has no tokenizer.json, so its texts cannot be read: choose another model, or import its folder from disk after AutoTokenizer.from_pretrained("${repository.name}").save_pretrained(…) of transformers has made one.`,
    )
  }
  const towerFolders = foldersOfTowers({ video, text })
  const configurations = ['.', ...towerFolders]
    .flatMap(folder => configurationNames.map(name => byPath.get(posix.join(folder, name))))
    .filter(file => file !== undefined)
  const has = (...names: string[]) => configurations.some(({ path }) => names.includes(posix.basename(path)))
  if (!has('config.json', 'open_clip_config.json')) {
    throw refusal(
      english`${id} has no config.json, which says of which family it is: choose another model, or describe its towers in a JSON file (docs/other-models.md).`,
    )
  }
  if (!has(...configurationNames.filter(name => /preprocess|processor|open_clip/.test(name)))) {
    throw refusal(
      english`${id} has no preprocessor_config.json, which says how pictures are scaled and normalised: choose another model, or describe its towers in a JSON file (docs/other-models.md).`,
    )
  }
  const named = (path: string): HubFile => byPath.get(posix.normalize(path))!
  return {
    configurations,
    tokenizer: named(tokenizer),
    towers: [named(video), named(text)],
    data: files.filter(({ path }) => isDataOf(path, video) || isDataOf(path, text)),
    towerFolders,
  }
}

/** As exporters name the weights beside a file: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
const isDataOf = (path: string, tower: string): boolean =>
  path.startsWith(tower) && /^[._]data(_\d+)?$/.test(path.slice(tower.length))

/** The weights that a tower wants from beside it. @throws ExpectedError when the repository does not have them. */
export function dataFilesOf(
  repository: Repository,
  { files }: HubListing,
  { tower, dataFiles }: { readonly tower: string; readonly dataFiles: readonly string[] },
): HubFile[] {
  return dataFiles.map(name => {
    const path = posix.normalize(posix.join(posix.dirname(tower), name))
    const found = files.find(file => file.path === path)
    if (found) return found
    throw refusal(
      english`${repositoryId(repository)} lacks ${path}, in which ${tower} keeps its weights: choose another variant with --variant, or another model.`,
    )
  })
}

function withoutTowers(repository: Repository, paths: readonly string[]): ExpectedError {
  const id = repositoryId(repository)
  const { video, text } = towersIn(paths)
  const [one] = [...video.values(), ...text.values()]
  const [whole] = paths.filter(path => path.endsWith('.onnx'))
  const remedy = otherExport(repository.name)
  if (one !== undefined) {
    return refusal(
      english`${id} has only one tower as an ONNX file, ${one}, where pictures and texts need one each: ${remedy}.`,
    )
  }
  return refusal(
    whole === undefined
      ? english`${id} has no ONNX files: ${remedy}.`
      : english`${id} has ${whole}, but no two towers (onnx/vision_model.onnx and onnx/text_model.onnx): ${remedy}.`,
  )
}

const refusal = (sentence: string): ExpectedError => new ExpectedError('hub-files', sentence)
