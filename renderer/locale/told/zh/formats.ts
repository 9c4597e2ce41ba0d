import type { ToldWords } from '../recognise.ts'

/** Of annotation files in their formats. */
export const formatsZh: ToldWords = {
  'has a quote that is not closed; double the quotes inside a cell': '有未闭合的引号；单元格内的引号请写两个',
  'is longer than {} characters': '超过 {} 个字符',
  'is the last one, but the list does not end: the file was cut off': '是最后一个，但列表没有结束：文件被截断',
  'cannot be read as JSON: {}': '无法作为 JSON 读取：{}',
  '{} expected at character {}': '应为 {}，在第 {} 个字符处',
  '‘,’ or ‘{}’': '“,”或“{}”',
  '‘,’ or ‘}’': '“,”或“}”',
  'a string': '字符串',
  'a closing {}': '闭合的 {}',
  'a character code': '字符代码',
  'a value': '值',
  'less nesting': '更少的嵌套',
  'the end': '结尾',
  'each sentence needs one': '每个句子需要一个',
  'The captions were not read whole, or not without doubt; what could be read is taken. Correct what is named, or save it as UTF-8.':
    '字幕没有完整读取，或读取有疑问；能读取的都采用了。请更正所列之处，或存为 UTF-8。',
  'has no caption file beside it': '旁边没有字幕文件',
  'has captions that cannot be read: {}': '的字幕无法读取：{}',
  'lies in no folder named for its class': '不在以其类别命名的文件夹中',
  'cannot be read further: {}': '无法继续读取：{}',
  'there are fewer answers': '答案更少',
  'The file {}': '文件{}',
  'has a fault': '有错误',
  'does not have the fields of its format: {}': '没有其格式应有的字段：{}',
  'has a wrong or missing field ‘{}’: {}': '的字段“{}”有误或缺失：{}',
  'has no answer in {}': '在 {} 中没有答案',
  'is no line of a video, two times and a sentence, as ‘ID 0.0 6.9##a man runs.’':
    '不是视频、两个时间和一个句子组成的行，例如“ID 0.0 6.9##a man runs.”',
  'names no video': '没有指明视频',
  'has no description': '没有描述',
  'is of no film that {} has': '的电影不在 {} 中',
  'has a description that other clips have as well': '的描述与其他片段的相同',
  'EgoSchema has no training set, and its public answers are everybody’s test set: all of them are evaluated. Draw the splits with a seed to train on some.':
    'EgoSchema 没有训练集，其公开的答案就是所有人的测试集：全部用于评测。要用其中一些训练，请以种子抽取划分。',
  'has no public answer': '没有公开的答案',
  'has a wrong or missing field ‘option 0’, ‘option 1’, …: each is a text, from 0 on':
    '的字段“option 0”、“option 1”……有误或缺失：每个都是文本，从 0 开始',
  'has an answer{} that is none of its options 0 to {}': '的答案不在其选项 0 至 {1} 之中',
  'option {}': '选项 {}',
  'has {} cells, and one of How2QA has {}': '有 {} 个单元格，而 How2QA 的行有 {} 个',
  'has a second cell that is no time, as ‘[7.2:18.0]’': '的第二个单元格不是时间，例如“[7.2:18.0]”',
  'has an empty cell where a video, a question or an answer belongs': '在视频、问题或答案处有空单元格',
  'is one of {} tasks ({}), whose classes have the same numbers; choose the folder of one':
    '属于 {} 个任务（{}）之一，其类别编号相同；请选择单个任务的文件夹',
  'is of {}, which has no classes': '属于没有类别的 {}',
  'is no line of a clip, four times and a sentence, parted by tabs, as LSMDC has them':
    '不是 LSMDC 那样以制表符分隔的片段、四个时间和句子组成的行',
  'has no sentence, as those of the blind test': '没有句子，如同盲测集的行',
  'is no line of a video and the number of its class, as ‘clip.mp4 3’':
    '不是视频及其类别编号组成的行，例如“clip.mp4 3”',
  'is one of HMDB51, whose numbers say 1 for training and 2 for the test, and not the class; write a table with the columns video, label and split':
    '是 HMDB51 的列表，其数字 1 表示训练、2 表示测试，而不是类别；请写一个含 video、label 和 split 列的表格',
  'is one of several splits of the same videos ({}); keep the lists of one of them in the folder':
    '是相同视频的多种划分（{}）之一；请在文件夹中只保留其中一种的列表',
  'has several class numbers behind some videos, and a video has one class here; leave one number behind each':
    '在一些视频后有多个类别编号，而这里一个视频只有一个类别；请在每个视频后只留一个编号',
  'has {} numbers behind each video, which may be its frames and its class as well as several classes; leave the one number of its class':
    '在每个视频后有 {} 个数字，可能是帧数和类别，也可能是多个类别；请只留其类别的编号',
  'The first number of a row is taken for how many frames there are, the second for the class.':
    '每行的第一个数字视为帧数，第二个视为类别。',
  'The file does not name every class number of the lists, or is not the only one; the classes are called by their numbers.':
    '该文件没有写出列表中每个类别编号的名称，或不是唯一的；类别以编号称呼。',
  'is no line of a class number and a video, as LVU has them': '不是 LVU 那样由类别编号和视频组成的行',
  'it has no window; those of a test set may not be public': '没有时间窗口；测试集的可能未公开',
  'it has no window, so that it tells of nothing in its video': '没有时间窗口，不反映视频中的内容',
  'each of the relevant_clip_ids needs one': '每个 relevant_clip_ids 需要一个',
  'each clip needs a score of everyone who rated': '每个片段需要每位评分者的分数',
  'a clip of two seconds begins after the end of its duration': '有两秒的片段在其时长结束之后才开始',
  'The caption is not used: a table beside it has those of its split.': '该字幕未使用：旁边的表格含其划分的字幕。',
  'The caption is not used: its video is in no list of its split.': '该字幕未使用：其视频不在任何划分的列表中。',
  'is no line of a clip and its caption, as ‘ID_START_END a man runs’':
    '不是片段及其字幕组成的行，例如“ID_START_END a man runs”',
  'The caption is not used: its clip is in no list of a split.': '该字幕未使用：其片段不在任何划分的列表中。',
  'has no annotations, as the videos of a test set': '没有标注，如同测试集的视频',
  'has several labels, and none that is of the whole video': '有多个标签，而没有属于整个视频的',
  'The answers are numbers that count from 0, as the whole table shows.': '答案是从 0 计数的数字，整个表格表明如此。',
  'The answers are numbers that count from 1, as the whole table shows.': '答案是从 1 计数的数字，整个表格表明如此。',
  'has a number for an answer, and nothing shows whether the answers count from 0, count from 1, or are texts; write the text of the right choice, or the name of its column':
    '的答案是数字，而看不出是从 0 计数、从 1 计数还是文本；请写出正确选项的文本，或其列名',
  'has an answer that several of its choices say': '的答案与多个选项相同',
  'has an answer that is none of its {} choices': '的答案不是其 {} 个选项之一',
  'has an empty choice for its answer, ‘{}’': '的答案“{}”对应空的选项',
  'The row has an empty choice; it is a question with fewer choices.': '该行有空的选项；它是选项较少的问题。',
  '{} has the columns {}': '{} 的列为 {}',
  '{}. A table needs {}': '{}。表格需要{}',
  'The table is not read; it would need {}.': '该表格未读取；它需要{}。',
  'cannot be read as a table: {}': '无法作为表格读取：{}',
  'is no object with named fields': '不是含具名字段的对象',
  'has {} texts and {} times; each text needs one': '有 {} 条文本和 {} 个时间；每条文本需要一个',
  'lists a time that cannot be read; write seconds, or a clock as 00:01:02.5':
    '列出了无法读取的时间；请写秒数，或 00:01:02.5 这样的时刻',
  'has columns for choices that do not count one by one; call them a0, a1, … as in NExT-QA, or option 0, option 1, …':
    '的选项列没有逐一编号；请像 NExT-QA 那样命名为 a0、a1、…，或 option 0、option 1、…',
  'has a cell ‘{}’ that is no list of choices': '的单元格“{}”不是选项列表',
  'the file has fewer than it says': '文件的内容少于它所声明的',
  'and those behind it cannot be read: {}': '及其后的行无法读取：{}',
  'The table is not read: no columns of it name a video and say something of it.':
    '该表格未读取：没有列指明视频并说明其内容。',
  'one for the video (such as file_name, video, video_id, path) and one for its text (text, caption, sentence, description), its label (label, class), or question and answer':
    '一个为视频（如 file_name、video、video_id、path），一个为其文本（text、caption、sentence、description）、标签（label、class）或问题与答案',
  'a first line that names its columns: {}': '首行写出列名：{}',
  '{} has the fields {}': '{} 的字段为 {}',
  '{}. Objects, in one list or one a line, need fields: {}': '{}。对象（在一个列表中，或每行一个）需要字段：{}',
  'The split named in the row is none of train, validation and test.': '该行指明的划分不是 train、validation 或 test。',
  'has a time that cannot be read (‘{}’); write seconds, or a clock as 00:01:02.5':
    '有无法读取的时间（“{}”）；请写秒数，或 00:01:02.5 这样的时刻',
  'The table has texts in several languages; all are taken.': '表格中有多种语言的文本；全部采用。',
  'has no answers to choose from': '没有可选的答案',
  'does not say which of its choices is right': '没有说明哪个选项正确',
  'has {} columns where the header has {}; put cells that hold the delimiter in quotes':
    '有 {} 列，而表头有 {} 列；含分隔符的单元格请加引号',
  'has {} columns where the first line has {}; put cells that hold the delimiter in quotes':
    '有 {} 列，而首行有 {} 列；含分隔符的单元格请加引号',
  'The table has no header; what its columns hold tells them: {}. If that is wrong, put a first line that names them.':
    '该表格没有表头；其列由内容判断：{}。如有误，请加上写出列名的首行。',
  'begins with #, as a remark does': '以 # 开头，如同注释',
  'The columns {} sound like times and are not read; call them start and end, in seconds or as clocks (of frames: their number divided by the frame rate).':
    '列 {} 像是时间，但未读取；请命名为 start 和 end，写秒数或时刻（帧号请除以帧率）。',
  'The column ‘{}’ has none beside it for the other end of a time, so that no row has a whole time; add one named start or end (with a duration: the start plus it).':
    '列“{}”旁没有表示时间另一端的列，因此没有一行有完整的时间；请添加名为 start 或 end 的列（有时长时：起点加时长）。',
  'Several columns are called ‘{}’; the first of them is read.': '有多列名为“{}”；读取其中第一列。',
  '{} is the {}': '{} 为 {}',
  'names no class': '没有写出类别',
  'does not say with 1 or -1 in ‘{}’ whether its class occurs': '没有在“{}”中以 1 或 -1 说明其类别是否出现',
  'The row says with -1 in ‘{}’ that its class does not occur there; it is left out.':
    '该行以“{}”中的 -1 说明其类别在此不出现；已略去。',
  '‘{}’ was taken for the class, not {}.': '以“{}”为类别，而非 {}。',
  '‘{}’ was taken for the class, and the 1 and -1 of ‘{}’ for whether it occurs.':
    '以“{}”为类别，以“{}”的 1 和 -1 为其是否出现。',
  '‘{}’ has one number for each class that ‘{}’ names': '“{}”对“{}”所写的每个类别各有一个编号',
  'the numbers of ‘{}’ are neither those of the classes in ‘{}’ nor 1 and -1; remove the column that is not meant':
    '“{}”的数字既不是“{}”中类别的编号，也不是 1 和 -1；请去掉不要的那一列',
  '‘{}’ was taken for the class, not {}: {}.': '以“{}”为类别，而非 {}：{}。',
  'has a json file that {}': '的 json 文件{}',
  'has no video beside it in its archive': '在其归档中旁边没有视频',
  'has neither a txt, a json nor a cls file beside its video': '视频旁没有 txt、json 或 cls 文件',
  'has none of the tiers that are to be taken; it has {}': '没有要采用的层；它有 {}',
  'none at all': '一个也没有',
  'The file has several tiers that hang on no other, and the annotations of all of them are taken; choose those that are meant (--tier NAME).':
    '文件中有多个不依附于其他层的层，其标注全部采用；请选择所要的层（--tier NAME）。',
  'The annotation has no text; it is passed over.': '该标注没有文本；已跳过。',
  'Nothing says when the annotation is; its text is kept without a time.': '没有说明标注的时间；其文本不带时间保留。',
  'a task has a list of them': '每个任务有一个列表',
  'The short export does not say to which regions the texts of ‘{}’ belong, so that their labels are taken: export JSON instead of JSON-MIN.':
    '简短导出没有说明“{}”的文本属于哪些区域，因此采用其标签：请导出 JSON 而不是 JSON-MIN。',
  'has no field of its data that names one video': '的数据中没有指明单个视频的字段',
  'has no annotation that was submitted': '没有提交过的标注',
  'The task has annotations that are its ground truth; the others are passed over.':
    '该任务有作为基准的标注；其他标注跳过。',
  'The task has the annotations of several people; each is a text of its own.':
    '该任务有多人的标注；每个各为一条文本。',
  'The region has no label; it is passed over.': '该区域没有标签；已跳过。',
  'The region is open at one end; its text is kept without a time.': '该区域的一端没有界限；其文本不带时间保留。',
  'The frames are counted at the rate that a box of the same annotation states; give that of the project where it is another (--frame-rate).':
    '帧按同一标注中某个框所说明的帧率计数；如果项目的帧率不同，请给出（--frame-rate）。',
  '{}: {} frames a second': '{}：{} 帧/秒',
  'Label Studio counts in frames, and its export does not say how many make a second: give the frame rate of the project (--frame-rate), which is frameRate of its Video tag, or 24 where that has none.':
    'Label Studio 以帧计数，其导出不说明每秒多少帧：请给出项目的帧率（--frame-rate），即其 Video 标签的 frameRate，没有时为 24。',
  '{}:{} gives no text of a clip; give lines like {"clip_id": "X.1.mp4", "text": "…"} or {"X.1.mp4": "…"}.':
    '{}:{} 没有给出片段的文本；请给出 {"clip_id": "X.1.mp4", "text": "…"} 或 {"X.1.mp4": "…"} 这样的行。',
  'There is no run of {} consecutive clips with text in the metadata: {} videos were read, {} of their {} clips have no text{}.':
    '元数据中没有 {} 个连续的带文本片段：读取了 {} 个视频，其 {3} 个片段中有 {2} 个没有文本{4}。',
  '; give the files that have it with --texts': '；请用 --texts 给出含文本的文件',
}
