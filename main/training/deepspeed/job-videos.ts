import { dirname, parse, relative, sep } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { packedFile } from '../../storage/files/packed-file.ts'
import type { VideoSpan } from '../data/examples/example.ts'

interface NamedVideo {
  readonly video: VideoSpan
  readonly name: string
}

/**
 * What the published code looks for: `<name>.mp4`, or for clips of pre-training
 * `<name up to its first dot>/<name>.mp4`.
 */
export type VideoLayout = 'flat' | 'by-video'

/**
 * The videos of a job by the names that its rows give them. The published code takes files that end in `.mp4` and reads
 * them whole, so that a part of a video is a file of its own.
 */
export class JobVideos {
  readonly #layout: VideoLayout
  readonly #named = new Map<string, NamedVideo>()
  readonly #taken = new Set<string>()

  constructor(layout: VideoLayout) {
    this.#layout = layout
  }

  /** The name of a video or a part of one, without ending: its file's name, with a number where another has that. */
  name(video: VideoSpan): string {
    const key = JSON.stringify([video.path, video.start, video.end])
    const known = this.#named.get(key)
    if (known) return known.name
    const packed = packedFile(video.path)
    if (packed) {
      throw new ExpectedError(
        'job-videos',
        `The video ${parse(video.path).base} lies in the archive ${packed.archive}, where the published code cannot read it: unpack the archives, and train a run on the files to export it.`,
      )
    }
    const stem = parse(video.path).name
    let name = stem
    for (let copy = 2; this.#taken.has(name); copy++) name = `${stem}-${copy}`
    this.#taken.add(name)
    this.#named.set(key, { video, name })
    return name
  }

  /** Where a video lies below `videos/`, without ending. */
  place(name: string): string {
    return this.#layout === 'flat' ? name : `${name.split('.')[0] ?? ''}/${name}`
  }

  /** The deepest folder that holds every video. */
  get root(): string {
    const folders = [...this.#named.values()].map(({ video }) => dirname(video.path).split(sep))
    const [first = [], ...others] = folders
    const shared = first.findIndex((part, depth) => others.some(other => other[depth] !== part))
    return (shared < 0 ? first : first.slice(0, shared)).join(sep) || sep
  }

  /**
   * A shell script that links whole videos into `videos/` and cuts out parts with ffmpeg.
   * @param frameRate to bring every video to, which is a copy then; null leaves them as they are.
   */
  script(frameRate: number | null): string {
    const { root } = this
    const lines = [...this.#named.values()].map(({ video, name }) => {
      const files = [relative(root, video.path).split(sep).join('/'), `${this.place(name)}.mp4`].map(quoted)
      const cut = [
        ...(video.start === null ? [] : ['-ss', video.start]),
        ...(video.end === null ? [] : ['-t', video.end - (video.start ?? 0)]),
      ]
      return cut.length === 0 && frameRate === null
        ? `whole ${files.join(' ')}`
        : `part ${[...files, ...cut].join(' ')}`
    })
    return `${[
      '#!/bin/sh',
      '# Puts the videos where the published code looks for them: links to whole ones, cuts of parts.',
      `# The folder to name is the one that was ${root.replace(/[^\x20-\x7e\x80-\uffff]/g, '?')} where this job was made.`,
      'set -eu',
      'from=$(cd "${1:?say the folder that holds the videos}" && pwd)',
      'cd "$(dirname "$0")"',
      'whole() { [ -f "$from/$1" ] || { echo "$from/$1 is not there" >&2; exit 1; }; mkdir -p "$(dirname "videos/$2")"; ln -sf "$from/$1" "videos/$2"; }',
      'part() {',
      '  file=$from/$1; to=videos/$2; shift 2; mkdir -p "$(dirname "$to")"',
      `  [ -e "$to" ] || { ffmpeg -nostdin -loglevel error -y "$@" -i "$file" -an${frameRate === null ? '' : ` -vf fps=${frameRate}`} "$to.part.mp4" && mv "$to.part.mp4" "$to"; }`,
      '}',
      ...lines,
    ].join('\n')}\n`
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
