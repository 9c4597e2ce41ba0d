import type { ToldWords } from '../recognise.ts'

/** Of annotation files in their formats. */
export const formatsZh: ToldWords = {
  'the file has fewer than it says': '文件的内容少于它所声明的',
  '{}:{} gives no text of a clip; give lines like {"clip_id": "X.1.mp4", "text": "…"} or {"X.1.mp4": "…"}.':
    '{}:{} 没有给出片段的文本；请给出 {"clip_id": "X.1.mp4", "text": "…"} 或 {"X.1.mp4": "…"} 这样的行。',
  'There is no run of {} consecutive clips with text in the metadata: {} videos were read, {} of their {} clips have no text{}.':
    '元数据中没有 {} 个连续的带文本片段：读取了 {} 个视频，其 {3} 个片段中有 {2} 个没有文本{4}。',
  '; give the files that have it with --texts': '；请用 --texts 给出含文本的文件',
}
