import type { Words } from '../../locale/words.ts'
import type { tour } from './words.ts'

export const tourZh: Words<typeof tour> = {
  tour: {
    label: '导览',
    start: '开始导览',
    progress: '{position}/{total}',
    back: '上一步',
    next: '下一步',
    skip: '跳过导览',
    end: '完成',
    waiting: '正在绘制并索引第一个视频，约需一分钟。',
    noVideo: '此步骤需要一个旁边有字幕的已索引视频。',
    library: {
      title: '一个入门视频库',
      text: '正在绘制一些短故事，每个故事配有一段讲述它的文字。每个视频一经索引即可使用。用顶部的按钮可打开您自己的文件夹。',
    },
    search: {
      title: '用段落检索',
      text: '这个段落讲述其中一个故事；视频按符合程度排序。改动一种颜色或句子的顺序，再检索一次。',
    },
    alignment: {
      title: '看它为什么符合',
      text: '行是片段，列是句子，路径显示哪个句子讲述哪个片段。点击单元格即播放该片段。',
    },
    attention: {
      title: '看模型在看什么',
      text: '选择阶段和头：图中显示在该阶段的时间窗口内，哪些帧关注哪些帧。',
    },
    'fine-tune': {
      title: '教它新的东西',
      text: '给出一个有标注的视频文件夹，训练就在本机开始，曲线显示在此页面上。教程用五分钟即可完成。',
    },
  },
}
