import { posix } from 'node:path'
import type { VariantFiles } from './variants.ts'

type TowerName = 'video' | 'text'
export type Towers = Readonly<Record<TowerName, VariantFiles>>

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
const folders: Readonly<Record<TowerName, readonly string[]>> = {
  video: ['video', 'vision', 'visual', 'image', ...stems.video],
  text: ['text', ...stems.text],
}
const places = ['onnx', '.'] as const

/** Every folder, relative to that of the model, in which a file of it may lie. */
export const towerPlaces: readonly string[] = [
  ...places,
  ...places.flatMap(place => [...folders.video, ...folders.text].map(inner => posix.join(place, inner))),
]

/** The ONNX files of both towers, by variant. @param paths of all files, relative to the folder, with slashes. */
export function towersIn(paths: readonly string[]): Towers {
  return { video: towerFiles(paths, 'video'), text: towerFiles(paths, 'text') }
}

/**
 * The tokenizer of a text tower: the folder's own `tokenizer.json` goes before that beside the tower, and that before a
 * `vocab.txt`. Null where there is none.
 */
export function tokenizerIn(paths: readonly string[], textFile: string): string | null {
  const beside = posix.dirname(textFile)
  const candidates = ['tokenizer.json', `${beside}/tokenizer.json`, 'vocab.txt', `${beside}/vocab.txt`]
  return candidates.find(path => paths.includes(posix.normalize(path))) ?? null
}

/** Folders of single towers, in which configurations may lie too. */
export const foldersOfTowers = ({ video, text }: { readonly video: string; readonly text: string }): string[] =>
  [...new Set([posix.dirname(video), posix.dirname(text)])].filter(one => !['.', 'onnx'].includes(one))

function towerFiles(paths: readonly string[], tower: TowerName): VariantFiles {
  for (const place of places) {
    for (const stem of stems[tower]) {
      const files = variantsOf(paths, place, stem)
      if (files.size > 0) return files
    }
    for (const inner of folders[tower]) {
      const files = variantsOf(paths, posix.join(place, inner), 'model')
      if (files.size > 0) return files
    }
  }
  return new Map()
}

function variantsOf(paths: readonly string[], place: string, stem: string): VariantFiles {
  return new Map(
    paths.flatMap(path => {
      const name = posix.basename(path)
      if (posix.dirname(path) !== place || !name.startsWith(stem)) return []
      const match = /^(?:[_.-]([a-z0-9_-]+))?\.onnx$/i.exec(name.slice(stem.length))
      return match ? [[(match[1] ?? '').toLowerCase(), path] as const] : []
    }),
  )
}
