import path from 'node:path'

/** The video files of a folder by the names that annotations give them. */
export class VideoIndex {
  readonly #byPath = new Map<string, string[]>()
  readonly #byName = new Map<string, string[]>()

  /** @param files absolute paths inside `folder`. */
  constructor(folder: string, files: readonly string[]) {
    for (const file of files) {
      add(this.#byPath, file, file)
      const relative = path.relative(folder, file).split(path.sep).join('/')
      add(this.#byPath, relative, file)
      add(this.#byPath, withoutExtension(relative), file)
      add(this.#byName, path.posix.basename(relative), file)
      add(this.#byName, withoutExtension(path.posix.basename(relative)), file)
    }
  }

  /** The files that a name can mean: none, one, or several of equal right. An absolute path means that file, if it is in the folder. */
  find(name: string): readonly string[] {
    if (path.isAbsolute(name)) return this.#byPath.get(path.normalize(name)) ?? []
    const tidy = path.posix.normalize(name.split('\\').join('/')).replace(/^\.\//, '')
    return this.#byPath.get(tidy) ?? this.#byName.get(path.posix.basename(tidy)) ?? []
  }
}

function add(index: Map<string, string[]>, name: string, file: string): void {
  const files = index.get(name)
  if (files) files.push(file)
  else index.set(name, [file])
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - path.posix.extname(name).length)
}
