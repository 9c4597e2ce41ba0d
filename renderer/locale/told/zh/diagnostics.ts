import type { ToldWords } from '../recognise.ts'

/** Of what the workbench stands on, as `lfvila doctor` and Settings, Diagnostics tell it. */
export const diagnosticsZh: ToldWords = {
  '{} can be read and written.': '{} 可以读写。',
  'unknown processor': '未知处理器',
  'Version {} ({}) on {}, {} {} {}; {} × {}, {} GiB of memory.':
    '版本 {}（{}），运行于 {}，{} {} {}；{} × {}，{} GiB 内存。',
  'The system does not tell how much is free on the disk of the workspace.': '系统没有说明工作区所在磁盘的剩余空间。',
  '{} GB are free on the disk of the workspace: free some space, or choose a workspace on another disk with --workspace.':
    '工作区所在磁盘剩余 {} GB：请释放空间，或用 --workspace 选择其他磁盘上的工作区。',
  '{} GB are free on the disk of the workspace.': '工作区所在磁盘剩余 {} GB。',
  'The database is whole.': '数据库完好。',
  'The database is damaged ({}): close the workbench, move library.db out of the workspace, and open the folders again; models, runs and vectors stay.':
    '数据库已损坏（{}）：请关闭工作台，把 library.db 移出工作区，再重新打开文件夹；模型、训练和向量保留不变。',
  '{} can be run.': '{} 可以运行。',
  'A recent development build of ffmpeg': '近期的 ffmpeg 开发版本',
  'decode {}': '解码 {}',
  'encode playable copies': '编码可播放的副本',
  '{} at {} decodes {}.': '{} 位于 {}，可以解码 {}。',
  '{} at {} cannot {}: install a full build to read such videos.': '{} 位于 {}，不能{}：请安装完整版本以读取此类视频。',
  'The engine had to be started again {} times.': '引擎曾重新启动 {} 次。',
  'Computing on the device ‘{}’.': '正在设备“{}”上计算。',
  'Refused: {}; the reasons are in the table of devices.': '不可用：{}；原因见设备表。',
  'No model is in use: choose one on the Models page.': '没有正在使用的模型：请在“模型”页选择一个。',
  '; {} models are registered': '；已登记 {} 个模型',
  '‘{}’ is in use{}.': '正在使用“{}”{}。',
  '‘{}’ is in use, whose weights are random: its scores mean nothing{}.':
    '正在使用“{}”，其权重是随机的：它的分数没有意义{}。',
  '{} of {} jobs failed; the last: “{}”. {}': '{1} 个任务中有 {0} 个失败；最近的是：“{2}”。{3}',
  '{} jobs are kept, none of them failed.': '保留了 {} 个任务，没有失败的。',
  'More than ': '超过 ',
  '{}{} errors in the last seven days, see the log; the last: {}': '最近七天有 {}{} 个错误，请查看日志；最近的是：{}',
  'The log has no error of the last seven days.': '日志中最近七天没有错误。',
}
