import type { Words } from '../../locale/words.ts'
import type { search } from './words.ts'

export const searchZh: Words<typeof search> = {
  search: {
    label: '段落',
    placeholder:
      '描述发生的事，一句话或一整段均可。例如：A vendor opens a stall. She weighs a melon and laughs. It starts to rain.',
    search: '检索',
    searching: '正在检索…',
    results: '结果',
    levelLabel: '检索对象',
    topLabel: '结果数量',
    top: '前 {count} 个',
    level: { video: '视频', moment: '时刻' },
    levelHint: {
      video: '整个段落与整个视频比较',
      moment: '一个句子与数秒长的片段比较',
    },
    unit: { video: '个视频', moment: '个时刻' },
    found: '{count} {unit}',
    facts: '使用 {model} 检索了 {searched}/{total} 个视频，用时 {milliseconds} 毫秒',
    cosine: '余弦相似度，−1 到 1',
    scale: '条形：余弦相似度，{min} 到 {max}',
    position: '{range}，共 {duration}',
    unplayable: '此窗口无法播放 {name}。请在“对齐”中打开它以制作可播放的副本。',
    play: '播放',
    playMoment: '从 {time} 播放',
    playNamed: '从 {time} 播放 {name}',
    align: '对齐',
    nothing: {
      title: '没有可排序的视频',
      text: '库中没有视频用当前模型索引过。请先为视频库建立索引。',
    },
    start: {
      title: '用段落检索',
      text: '视频按整个段落的符合程度排序；时刻按一个句子对数秒内容的符合程度排序。随后可在“对齐”中查看哪个片段对应哪个句子。',
    },
    emptyLibrary: {
      title: '视频库是空的',
      text: '请先在“视频库”中打开一个视频文件夹；索引完成后即可检索。',
    },
  },
}
