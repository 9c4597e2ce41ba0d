import type { ToldWords } from '../recognise.ts'

/** Of labelled folders and annotation tools. */
export const dataZh: ToldWords = {
  'a new annotation': '新标注',
  'it begins before the session does': '它在会话之前开始',
  'it ends before it starts': '它在开始之前结束',
  'the annotation {} is there twice': '标注 {} 出现了两次',
  '‘{}’ is not in the controlled vocabulary of the tier ‘{}’': '“{}”不在层“{}”的受控词表中',
  'the annotation {} has the time of the one it hangs on; correct that one':
    '标注 {} 的时间取自它所依附的标注；请更正那一个',
  'the session has no annotation {}': '会话中没有标注 {}',
  'the session has no tier ‘{}’': '会话中没有层“{}”',
  'the session has no tier': '会话中没有层',
  'it names no tier, and the session has several ({})': '没有指明层，而会话有多个（{}）',
  'annotations of the tier ‘{}’ hang on others; add it in ELAN': '层“{}”的标注依附于其他标注；请在 ELAN 中添加',
  'shares an edge with a neighbour that is to lie elsewhere': '与要移动的相邻标注共用边界',
  'would end before it starts': '将在开始之前结束',
  'would overlap another annotation of the tier ‘{}’': '将与层“{}”的另一标注重叠',
  'and the one that it divides would no longer lie within one another (‘{}’, ‘{}’)':
    '与它所划分的标注将不再相互包含（“{}”，“{}”）',
  '{} has no annotations of a known format; give a labelled folder, or an annotation file.':
    '{} 没有已知格式的标注；请给出标注文件夹或标注文件。',
  '{} has no text with times ({}): only parts of videos go on a time line.':
    '{} 没有带时间的文本（{}）：只有视频的部分才能放上时间轴。',
  '{} texts are without': '{} 条文本没有时间',
  '{} has no session of ELAN (.eaf).': '{} 没有 ELAN 会话（.eaf）。',
  '{}: several sessions are about {}': '{}：有多个会话关于 {}',
  '{}: no session is about {}': '{}：没有会话关于 {}',
  '{} is in {}: save it as UTF-8, and export again.': '{} 的编码为 {}：请存为 UTF-8 后重新导出。',
  '{} is no JSON export of Label Studio.': '{} 不是 Label Studio 的 JSON 导出。',
  'Label Studio counts in frames: give the frame rate that the project will have (--frame-rate).':
    'Label Studio 以帧计数：请给出项目将使用的帧率（--frame-rate）。',
  'the export has no region {}': '导出中没有区域 {}',
  'the region {} is there twice': '区域 {} 出现了两次',
  'it counts in frames, and nothing says at which rate (--frame-rate)': '它以帧计数，而没有说明帧率（--frame-rate）',
  '‘{}’ is no label that the export has': '“{}”不是导出中的标签',
  'no task of the export is about {}': '导出中没有关于 {} 的任务',
  'The model’s vocabulary has no [MASK]; masked language modelling needs the one of BERT.':
    '模型的词表没有 [MASK]；掩码语言建模需要 BERT 的词表。',
  'Training frames are drawn anew in every epoch, and all that can be drawn of one video are too many to be kept for every video: such videos are decoded again in every epoch.':
    '训练帧在每个轮次重新抽取，一个视频可能抽取的帧太多，不能为每个视频都保留：这类视频在每个轮次重新解码。',
  'The examples have {} sentences, but the model tells at most {} apart (type_vocab_size); choose a model with a longer table.':
    '样本有 {} 个句子，而模型最多区分 {} 个（type_vocab_size）；请选择该表更长的模型。',
  'The model ‘{}’ has no vocabulary, so it cannot read text; import it again with --vocab.':
    '模型“{}”没有词表，不能读取文本；请用 --vocab 重新导入。',
  '{} has no row {} as {}{}': '{0} 没有{1}的行，格式为 {2}{3}',
  'for the task {}': '适用于任务 {}',
  'that can be used': '可用',
  '; choose another format or task.': '；请选择其他格式或任务。',
  '{} is no labelled folder: it has neither an annotation file of a known format nor captions beside the videos nor folders named for classes.{}':
    '{} 不是标注文件夹：其中没有已知格式的标注文件，视频旁没有字幕，也没有以类别命名的文件夹。{}',
  'Nothing says whether the row is for training, validation or the test; it is left out. Name the file for its split, add a column ‘split’, or draw the splits with a seed.':
    '没有说明该行用于训练、验证还是测试，已略去。请以划分命名文件，添加“split”列，或以种子抽取划分。',
  'No video is there: predictions in a file can be scored, and nothing else. If the videos lie elsewhere, say where.':
    '一个视频也没有：只能对文件中的预测评分。如果视频在别处，请指明位置。',
  'The video has fewer than the {} frames that the model in use samples; frames are repeated.':
    '视频的帧数少于模型所采样的 {} 帧；会重复一些帧。',
  'The video cannot be read; its rows are left out.': '视频无法读取；其数据行已略去。',
  'No row can be used: see what is wrong with them.': '没有可用的行：请查看它们的问题。',
  'Every row is for the test: it can be evaluated; to train on some, draw the splits with a seed.':
    '所有行都用于测试：可以评测；要用其中一些训练，请以种子抽取划分。',
  'No row is for training: name an annotation file ‘train’, or draw the splits with a seed.':
    '没有用于训练的行：请把标注文件命名为“train”，或以种子抽取划分。',
  'No row is for validation, so that no checkpoint could be chosen: name an annotation file ‘val’, or draw the splits with a seed.':
    '没有用于验证的行，无法选出检查点：请把标注文件命名为“val”，或以种子抽取划分。',
  'The row begins before 0 s; it is taken from the beginning of its video.':
    '该行在 0 秒之前开始；从其视频的开头取起。',
  'The row ends before it starts; it is left out.': '该行在开始之前结束；已略去。',
  'The row ends where it starts; it is left out.': '该行的结束与开始相同；已略去。',
  'The row begins after the end of its video; it is left out.': '该行在其视频结束之后才开始；已略去。',
  'The row ends after the end of its video; it is taken to that end.': '该行在其视频结束之后才结束；取到视频结尾为止。',
  'The sentence begins before 0 s; its time is taken from the beginning of its video.':
    '句子在 0 秒之前开始；其时间从视频的开头取起。',
  'The time of the sentence ends before it starts; the sentence is kept, its time is left out.':
    '句子的时间在开始之前结束；句子保留，时间略去。',
  'The time of the sentence ends where it starts; the sentence is kept, its time is left out.':
    '句子时间的结束与开始相同；句子保留，时间略去。',
  'The time of the sentence begins after the end of its video; the sentence is kept, its time is left out.':
    '句子的时间在其视频结束之后才开始；句子保留，时间略去。',
  'The time of the sentence ends after the end of its video; it is cut there.':
    '句子的时间在其视频结束之后才结束；截到视频结尾。',
  'The window begins before 0 s; it is taken from the beginning of its video.':
    '时间窗口在 0 秒之前开始；从其视频的开头取起。',
  'The window ends before it starts; it is left out.': '时间窗口在开始之前结束；已略去。',
  'The window ends where it starts; it is left out.': '时间窗口的结束与开始相同；已略去。',
  'The window begins after the end of its video; it is left out.': '时间窗口在其视频结束之后才开始；已略去。',
  'The window ends after the end of its video; it is cut there.': '时间窗口在其视频结束之后才结束；截到视频结尾。',
  'The row has fewer than {} sentences whose times are in the video; it is left out.':
    '该行的句子中时间在视频之内的少于 {} 个；已略去。',
  'answer {}': '答案 {}',
  'The label looks like several classes and is taken for one of its own; a row has one class.':
    '该标签像是多个类别，被视为一个单独的类别；每行只有一个类别。',
  'The video has several classes, each in a row of its own; a model can be right about one of them alone.':
    '该视频有多个类别，各在一行；模型只能答对其中一个。',
  'The file has an entry of this name more than once; the last of them is read.':
    '该文件有多个同名条目；读取其中最后一个。',
  'Labels differ in capitals, spaces or signs alone, and are classes of their own; give them one spelling if they are one.':
    '有标签仅在大小写、空格或符号上不同，各为一个类别；如属同一类别，请统一写法。',
  'The labels are numbers that do not count from 0; they are taken for names, in the order of their size.':
    '标签是不从 0 计数的数字；按数值大小的顺序作为名称。',
  '{} labels from {} to {}': '{} 个标签，从 {} 到 {}',
  'A query with this ‘qid’ was there before; it is left out, since predictions are matched by it.':
    '前面已有此“qid”的查询；已略去，因为预测按它对应。',
  'is a whole file that {}': '是完整的文件，它{}',
  'The same row was there before; it counts once.': '前面已有相同的行；只计一次。',
  'The same row was in this file before; of validation and test it counts as often as it is there, as in published evaluations.':
    '此文件前面已有相同的行；验证和测试中按出现的次数计，与已发表的评测相同。',
  'The row {}; it is left out.': '该行{}；已略去。',
  'The name fits a video only loosely that other rows name otherwise; its row is left out. Give the names that the files have.':
    '该名称只能大致对应某个视频，而其他行对该视频用了别的名称；其行已略去。请写文件的实际名称。',
  'The row has no text; it is left out.': '该行没有文本；已略去。',
  'The row has times for fewer than {} sentences; it is left out.': '该行有时间的句子少于 {} 个；已略去。',
  'The row has fewer than {} clips; it is left out.': '该行少于 {} 个片段；已略去。',
  'The video is not there; its row is left out. If the videos lie elsewhere, say where.':
    '视频不在那里；其行已略去。如果视频在别处，请指明位置。',
  'Several videos have this name; its row is left out. Give the path inside the folder.':
    '有多个视频同名；其行已略去。请给出文件夹内的路径。',
  'No video has this name, but several nearly; its row is left out. Give the name that the file has.':
    '没有同名的视频，但有几个相近的；其行已略去。请写文件的实际名称。',
  'The label ‘{}’ is never seen in training, so that no model can learn it; its rows count as wrong.':
    '标签“{}”在训练中从未出现，模型无法学会；其行计为错误。',
  'All rows have the same label, so that there is nothing to tell apart: a model is right whatever it has learned. Add rows of other classes.':
    '所有行的标签都相同，没有可区分的内容：模型无论学到什么都正确。请添加其他类别的行。',
  'All rows for training have the same label, so that there is nothing to learn. Add rows of other classes, or draw the splits with a seed.':
    '所有训练行的标签都相同，没有可学的内容。请添加其他类别的行，或以种子抽取划分。',
  'The class is in training but not in the {} split, whose figures say nothing of it; add videos of it, or draw a larger share.':
    '该类别在训练中有，而在 {} 划分中没有，后者的数字不反映它；请添加该类别的视频，或抽取更大的比例。',
  'The video is in training and held out as well: its figures say less than they seem to.':
    '该视频既用于训练又被留出：其数字没有看起来那么有说服力。',
  'The video has several texts: each is a query of its own that finds it, and the video is there once. Where they are the sentences of one text, read them as one paragraph (--texts paragraph).':
    '该视频有多条文本：每条各为一个查询来找它，而视频只计一次。如果它们是一段文本的各句，请作为一个段落读取（--texts paragraph）。',
  '{} is a file: choose the folder that holds the videos and their labels.':
    '{} 是文件：请选择存放视频及其标签的文件夹。',
  'cannot be read: {}': '无法读取：{}',
  '{} has no folder of extracted frames: give the folder that holds VIDEO_ID/000001.jpg and so on (jpg or png).':
    '{} 中没有提取帧的文件夹：请给出存放 VIDEO_ID/000001.jpg 等图片（jpg 或 png）的文件夹。',
  'cannot be made a video: {}': '无法合成视频：{}',
  'came out as {} frames of {} pictures: some are damaged, or hold another picture.':
    '由 {1} 张图片得到 {0} 帧：有些图片已损坏，或含其他画面。',
}
