import { SaxesParser } from 'saxes'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { fileErrorCode, fileProblem } from '../../storage/files/file-problem.ts'
import { decodeText } from '../../text/decode-text.ts'

/** A part of the file's text, in UTF-16 units: from the first to before the last. */
export type TextRange = readonly [start: number, end: number]

/** A media file of the session. Its pictures at `origin` ms are at the annotations' time 0. */
export interface ElanMedia {
  readonly url: string
  readonly relativeUrl: string | null
  readonly type: string
  readonly origin: number
}

export interface ElanSlot {
  readonly id: string
  /** Milliseconds; null for one that only lies between its neighbours. */
  readonly time: number | null
  /** Its element. */
  readonly at: TextRange
}

export interface ElanAnnotation {
  readonly id: string
  /** The slots of an alignable annotation; null for one that hangs on another. */
  readonly slots: readonly [string, string] | null
  /** The annotation that it hangs on, and the one before it there. */
  readonly on: string | null
  readonly previous: string | null
  readonly text: string
  /** Its opening tag. */
  readonly tag: TextRange
  /** The text in its value, or all of an empty value's element; null where it has none. */
  readonly value: { readonly at: TextRange; readonly isElement: boolean } | null
}

export interface ElanTier {
  readonly id: string
  readonly type: string
  readonly parent: string | null
  readonly annotations: readonly ElanAnnotation[]
  /** Its opening tag; and where another annotation goes, null for an empty element. */
  readonly tag: TextRange
  readonly end: number | null
}

export interface ElanType {
  readonly id: string
  readonly alignable: boolean
  /** `Symbolic_Subdivision`, `Time_Subdivision`, `Symbolic_Association`, `Included_In`; null for a tier by itself. */
  readonly constraint: string | null
  readonly vocabulary: string | null
}

/** What an ELAN annotation file (EAF 2.x, 3.0) says, with the places of what can be corrected in it. */
export interface ElanFile {
  readonly text: string
  readonly encoding: string
  readonly doubt: string | null
  readonly media: readonly ElanMedia[]
  readonly slots: readonly ElanSlot[]
  /** The opening tag of TIME_ORDER, and where another slot goes, null for an empty element. */
  readonly timeOrder: { readonly tag: TextRange; readonly end: number | null } | null
  readonly tiers: readonly ElanTier[]
  readonly types: readonly ElanType[]
  /** Entries of each controlled vocabulary: their ids by what they say. */
  readonly vocabularies: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The number in the property `lastUsedAnnotationId`. */
  readonly lastAnnotation: { readonly number: number; readonly at: TextRange } | null
}

/** Bytes: hours of annotations of several people have a few million. */
const largest = 64 * 1024 * 1024

type Attributes = Readonly<Record<string, string | undefined>>
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * Reads an .eaf file (mpi.nl/tools/elan/EAFv3.0.xsd). Entities of a document type are never expanded: a file that uses
 * one is refused.
 * @throws ExpectedError `annotations-malformed`, `file-too-large`, `file-unreadable`, `not-a-file`, naming the file.
 */
export async function readElanFile(path: string): Promise<ElanFile> {
  const { text, encoding, doubt } = decodeText(await contentOf(path))
  try {
    return { text, encoding, doubt, ...parseElan(text) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new ExpectedError('annotations-malformed', `${path} is no ELAN file that can be read: ${error.message}.`, {
      cause: error,
    })
  }
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readOrdinaryFile(path, largest, english`annotations of ELAN`)
  } catch (error) {
    if (error instanceof ExpectedError || fileErrorCode(error) === undefined) throw error
    throw new ExpectedError('file-unreadable', fileProblem(path, error), { cause: error })
  }
}

function parseElan(text: string): Omit<ElanFile, 'text' | 'encoding' | 'doubt'> {
  const media: ElanMedia[] = []
  const slots: ElanSlot[] = []
  const tiers: (Mutable<ElanTier> & { annotations: ElanAnnotation[] })[] = []
  const types: ElanType[] = []
  const vocabularies: Record<string, Record<string, string>> = Object.create(null) as Record<
    string,
    Record<string, string>
  >
  let lastAnnotation: ElanFile['lastAnnotation'] = null
  let timeOrder: Mutable<NonNullable<ElanFile['timeOrder']>> | null = null
  let root: string | null = null
  let annotation: Mutable<ElanAnnotation> | null = null
  let vocabulary: Record<string, string> = {}
  let [entry, property] = ['', '']
  let [tagStart, contentStart, said] = [0, 0, '']
  const parser = new SaxesParser()
  const at = () => parser.position
  const open: Record<string, (attributes: Attributes, selfClosing: boolean) => void> = {
    HEADER: ({ TIME_UNITS: unit }) => {
      if (unit !== undefined && unit !== 'milliseconds') {
        throw new Error(`its times are in ${unit}, and only milliseconds are understood`)
      }
    },
    MEDIA_DESCRIPTOR: attributes =>
      void media.push({
        url: attributes.MEDIA_URL ?? '',
        relativeUrl: attributes.RELATIVE_MEDIA_URL ?? null,
        type: attributes.MIME_TYPE ?? '',
        origin: wholeNumber(attributes.TIME_ORIGIN) ?? 0,
      }),
    PROPERTY: ({ NAME: name }) => {
      property = name ?? ''
    },
    TIME_ORDER: () => {
      timeOrder = { tag: [tagStart, at()], end: null }
    },
    TIME_SLOT: attributes => {
      const { TIME_SLOT_ID: id = '', TIME_VALUE: value } = attributes
      const time = wholeNumber(value)
      if (value !== undefined && time === null) throw new Error(`the time of its slot ${id} is ‘${value}’`)
      slots.push({ id, time, at: [tagStart, at()] })
    },
    TIER: (attributes, selfClosing) =>
      void tiers.push({
        id: attributes.TIER_ID ?? '',
        type: attributes.LINGUISTIC_TYPE_REF ?? '',
        parent: attributes.PARENT_REF ?? null,
        annotations: [],
        tag: [tagStart, at()],
        end: selfClosing ? null : at(),
      }),
    ALIGNABLE_ANNOTATION: attributes => {
      const { ANNOTATION_ID: id = '', TIME_SLOT_REF1: first = '', TIME_SLOT_REF2: last = '' } = attributes
      annotation = begun(id, [tagStart, at()])
      annotation.slots = [first, last]
    },
    REF_ANNOTATION: attributes => {
      annotation = begun(attributes.ANNOTATION_ID ?? '', [tagStart, at()])
      annotation.on = attributes.ANNOTATION_REF ?? ''
      annotation.previous = attributes.PREVIOUS_ANNOTATION ?? null
    },
    LINGUISTIC_TYPE: attributes =>
      void types.push({
        id: attributes.LINGUISTIC_TYPE_ID ?? '',
        alignable: attributes.TIME_ALIGNABLE !== 'false',
        constraint: attributes.CONSTRAINTS ?? null,
        vocabulary: attributes.CONTROLLED_VOCABULARY_REF ?? null,
      }),
    CONTROLLED_VOCABULARY: ({ CV_ID: id = '' }) => {
      vocabulary = vocabularies[id] = Object.create(null) as Record<string, string>
    },
    CV_ENTRY_ML: ({ CVE_ID: id = '' }) => {
      entry = id
    },
  }
  const close: Record<string, (selfClosing: boolean) => void> = {
    TIME_ORDER: selfClosing => {
      if (timeOrder && !selfClosing) timeOrder.end = lastOpening()
    },
    TIER: selfClosing => {
      const tier = tiers.at(-1)
      if (tier && !selfClosing) tier.end = lastOpening()
    },
    ANNOTATION_VALUE: selfClosing => {
      if (!annotation) return
      annotation.text = said
      annotation.value = selfClosing
        ? { at: [tagStart, at()], isElement: true }
        : { at: [contentStart, lastOpening()], isElement: false }
    },
    ALIGNABLE_ANNOTATION: () => endAnnotation(),
    REF_ANNOTATION: () => endAnnotation(),
    PROPERTY: selfClosing => {
      const number = wholeNumber(said.trim())
      if (property === 'lastUsedAnnotationId' && number !== null && !selfClosing) {
        lastAnnotation = { number, at: [contentStart, lastOpening()] }
      }
    },
    CVE_VALUE: () => {
      vocabulary[said.trim()] ??= entry
    },
    // EAF 2.7 and before.
    CV_ENTRY: () => {
      vocabulary[said.trim()] ??= ''
    },
  }
  const endAnnotation = () => {
    if (annotation) tiers.at(-1)?.annotations.push(annotation)
    annotation = null
  }
  /** The place of the `</NAME>` that has just been read. */
  const lastOpening = () => text.lastIndexOf('<', at() - 1)
  parser.on('error', error => {
    throw new Error(error.message.replace(/^(\d+):(\d+): /, 'in line $1 at character $2, ').replace(/\.$/, ''))
  })
  parser.on('opentagstart', () => {
    tagStart = text.lastIndexOf('<', at() - 1)
  })
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    root ??= name
    if (root !== 'ANNOTATION_DOCUMENT') throw new Error(`it begins with <${root}>, not with <ANNOTATION_DOCUMENT>`)
    open[name]?.(attributes, isSelfClosing)
    ;[contentStart, said] = [at(), '']
  })
  parser.on('text', text => {
    said += text
  })
  parser.on('cdata', text => {
    said += text
  })
  parser.on('closetag', ({ name, isSelfClosing }) => {
    close[name]?.(isSelfClosing)
    said = ''
  })
  parser.write(text).close()
  return { media, slots, timeOrder, tiers, types, vocabularies, lastAnnotation }
}

function begun(id: string, tag: TextRange): Mutable<ElanAnnotation> {
  return { id, slots: null, on: null, previous: null, text: '', tag, value: null }
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : null
}
