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
    like: {
      label: '以画面检索',
      title: '与 {name} 相似',
      find: '查找相似',
      bring: '图片或视频…',
      limit: '用一个不超过 {most} 的文件检索；它只保留到工作台关闭。',
      bringing: '正在送入文件… {share} %',
      tooLarge: '{name} 超过 {most}：请在视频库中打开它，再用其中一段检索。',
      noPicture: '{name} 不是此窗口能读取的图片。',
      unreadable: '无法读取该文件。',
      oneFile: '拖入一张图片或一个视频即可用它检索；文件夹请在视频库中打开。',
      from: '从第几秒',
      to: '到第几秒',
      of: '共 {duration}',
      narrow: '用这一段检索',
      close: '改用文字检索',
    },
    past: {
      title: '检索记录',
      none: '还没有检索过。',
      keep: '保留此检索：{text}',
      unkeep: '不再保留：{text}',
      forget: '删除此检索：{text}',
      forgetAll: '删除所有未保留的',
    },
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
