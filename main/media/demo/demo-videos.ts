import type { ColorName } from './painting/palette.ts'
import type { Action, Background, Direction, Figure, Scene } from './painting/scene.ts'
import type { ShapeName } from './painting/shapes.ts'
import type { CaptionFormat, Container } from './stories/story.ts'

export interface DemoVideo {
  /** File name without extension. */
  readonly name: string
  readonly container: Container
  readonly captions: CaptionFormat
  /** Pixels. */
  readonly size: { readonly width: number; readonly height: number }
  readonly scenes: readonly Scene[]
}

const landscape = { width: 640, height: 360 } as const
const portrait = { width: 360, height: 640 } as const

const figure = (color: ColorName, shape: ShapeName): Figure => ({ color, shape })
const moves = (color: ColorName, shape: ShapeName, direction: Direction): Action => ({
  kind: 'move',
  figure: figure(color, shape),
  direction,
})
const alone = (kind: 'grow' | 'shrink' | 'rotate' | 'bounce', color: ColorName, shape: ShapeName): Action => ({
  kind,
  figure: figure(color, shape),
})
const both = (kind: 'meet' | 'part' | 'orbit', first: Figure, other: Figure): Action => ({ kind, figure: first, other })
const plain = (color: ColorName): Background => ({ pattern: 'plain', color })
const pattern = (name: 'fade' | 'stripes' | 'checks' | 'dots', color: ColorName, second: ColorName): Background => ({
  pattern: name,
  color,
  second,
})
const scene = (seconds: number, action: Action, background: Background): Scene => ({ seconds, background, action })

/** The demo library: every video has its own colours and story, and the formats differ as they do in real folders. */
export const demoVideos: readonly DemoVideo[] = [
  {
    name: 'A red circle travels',
    container: 'mp4',
    captions: 'txt',
    size: landscape,
    scenes: [
      scene(6, moves('red', 'circle', 'right'), plain('blue')),
      scene(5, alone('bounce', 'red', 'circle'), pattern('checks', 'gray', 'white')),
      scene(6, both('meet', figure('red', 'circle'), figure('yellow', 'square')), plain('green')),
      scene(6, moves('red', 'circle', 'left'), pattern('fade', 'purple', 'orange')),
      scene(5, alone('shrink', 'red', 'circle'), plain('white')),
    ],
  },
  {
    name: 'Night of the stars',
    container: 'webm',
    captions: 'json',
    size: landscape,
    scenes: [
      scene(6, moves('yellow', 'star', 'up'), pattern('fade', 'black', 'blue')),
      scene(6, alone('rotate', 'white', 'star'), plain('black')),
      scene(6, both('orbit', figure('white', 'circle'), figure('yellow', 'star')), pattern('dots', 'purple', 'black')),
      scene(6, alone('grow', 'orange', 'star'), pattern('fade', 'blue', 'pink')),
    ],
  },
  {
    name: 'Triangles in the garden',
    container: 'mkv',
    captions: 'srt',
    size: landscape,
    scenes: [
      scene(5, alone('grow', 'green', 'triangle'), pattern('fade', 'teal', 'white')),
      scene(6, moves('pink', 'triangle', 'right'), pattern('stripes', 'green', 'yellow')),
      scene(6, both('meet', figure('purple', 'triangle'), figure('orange', 'triangle')), plain('white')),
      scene(5, alone('rotate', 'yellow', 'triangle'), plain('brown')),
      scene(6, moves('white', 'triangle', 'down'), pattern('dots', 'green', 'pink')),
    ],
  },
  {
    name: 'Squares at work',
    container: 'mov',
    captions: 'txt',
    size: landscape,
    scenes: [
      scene(6, alone('rotate', 'orange', 'square'), pattern('checks', 'black', 'gray')),
      scene(6, both('part', figure('blue', 'square'), figure('teal', 'square')), plain('yellow')),
      scene(6, moves('brown', 'square', 'up'), pattern('stripes', 'teal', 'white')),
      scene(6, alone('bounce', 'purple', 'square'), plain('orange')),
    ],
  },
  {
    name: 'Tall picture',
    container: 'mp4',
    captions: 'txt',
    size: portrait,
    scenes: [
      scene(6, moves('teal', 'diamond', 'down'), pattern('fade', 'yellow', 'red')),
      scene(6, alone('bounce', 'pink', 'hexagon'), plain('teal')),
      scene(6, alone('grow', 'blue', 'diamond'), pattern('dots', 'white', 'orange')),
      scene(6, moves('black', 'hexagon', 'up'), pattern('stripes', 'pink', 'white')),
    ],
  },
  {
    name: 'Meetings and partings',
    container: 'webm',
    captions: 'txt',
    size: landscape,
    scenes: [
      scene(6, both('meet', figure('green', 'hexagon'), figure('red', 'diamond')), plain('gray')),
      scene(6, both('orbit', figure('blue', 'square'), figure('orange', 'circle')), pattern('fade', 'white', 'teal')),
      scene(6, both('part', figure('yellow', 'star'), figure('black', 'circle')), plain('red')),
      scene(
        6,
        both('orbit', figure('pink', 'triangle'), figure('white', 'hexagon')),
        pattern('checks', 'blue', 'purple'),
      ),
    ],
  },
  {
    name: 'Old recording',
    container: 'avi',
    captions: 'txt',
    size: landscape,
    scenes: [
      scene(6, moves('purple', 'hexagon', 'left'), plain('yellow')),
      scene(5, alone('shrink', 'green', 'star'), pattern('stripes', 'red', 'white')),
      scene(6, alone('rotate', 'blue', 'hexagon'), pattern('fade', 'orange', 'brown')),
      scene(5, moves('yellow', 'diamond', 'right'), plain('purple')),
    ],
  },
]
