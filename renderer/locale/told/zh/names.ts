import type { ToldWords } from '../recognise.ts'

/** What the contract calls by names: kinds of models, tasks, splits, states, what the points of a map are. */
export const namesZh: ToldWords = {
  retrieval: '检索',
  'pretrain-stage1': '预训练第一阶段',
  'pretrain-stage2': '预训练第二阶段',
  'qa-classification': '问答',
  'qa-multichoice': '多项选择',
  'video-classification': '视频分类',
  moments: '时刻检索',
  train: '训练',
  validation: '验证',
  test: '测试',
  queued: '等待中',
  running: '运行中',
  paused: '已暂停',
  finished: '已完成',
  stopped: '已停止',
  cancelled: '已结束',
  failed: '失败',
  videos: '视频',
  clips: '片段',
}
