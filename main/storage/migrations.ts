/** One step of the schema. `version` is kept in the database file; a step that was released is never changed. */
export interface Migration {
  readonly version: number
  readonly why: string
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    why: 'folders, videos and their captions',
    sql: `
      CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        -- With links resolved: the same folder opened under another name is the same folder.
        real_path TEXT NOT NULL UNIQUE,
        problem TEXT,
        added_at INTEGER NOT NULL
      );
      CREATE TABLE videos (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL,
        -- The user opened this very file: it stays when its folder is removed.
        opened INTEGER NOT NULL DEFAULT 0,
        path TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        -- Lower case with padded digits, so that clip 2 comes before clip 10.
        sort_name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('new', 'ready', 'failed', 'missing')),
        problem TEXT,
        size INTEGER NOT NULL,
        modified_at REAL NOT NULL,
        -- Size and modification time in nanoseconds of the content last read; null before.
        stamp TEXT,
        content_id TEXT,
        -- MediaInfo as JSON, and the parts that lists show or sort by.
        info TEXT,
        duration REAL,
        width INTEGER,
        height INTEGER,
        frame_rate REAL,
        codec TEXT,
        has_audio INTEGER,
        sentences INTEGER NOT NULL DEFAULT 0,
        caption_file TEXT,
        caption_problem TEXT,
        -- Names, sizes and times of the caption files last read; null before.
        caption_stamp TEXT
      );
      CREATE INDEX videos_by_folder ON videos (folder_id, sort_name);
      CREATE INDEX videos_by_name ON videos (sort_name, id);
      CREATE INDEX videos_by_time ON videos (modified_at, id);
      CREATE INDEX videos_by_duration ON videos (duration, id);
      CREATE INDEX videos_by_content ON videos (content_id);
      CREATE INDEX videos_by_state ON videos (state);
      CREATE TABLE captions (
        video_id INTEGER PRIMARY KEY REFERENCES videos(id) ON DELETE CASCADE,
        -- [{text, start, end}] as JSON.
        sentences TEXT NOT NULL
      );
      CREATE TABLE search_texts (
        video_id INTEGER PRIMARY KEY REFERENCES videos(id) ON DELETE CASCADE,
        -- Name and captions in lower case.
        text TEXT NOT NULL
      );
      -- Raised with every change of the library, so that other processes on the workspace notice.
      CREATE TABLE library_revision (number INTEGER NOT NULL);
      INSERT INTO library_revision VALUES (0);
    `,
  },
  {
    version: 2,
    why: 'which embeddings exist; the vectors themselves are in the vector store',
    sql: `
      CREATE TABLE embeddings (
        content_id TEXT NOT NULL,
        key TEXT NOT NULL,
        pass TEXT NOT NULL CHECK (pass IN ('overview', 'dense')),
        model_hash TEXT NOT NULL,
        rows INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (content_id, key)
      );
      CREATE INDEX embeddings_by_pass ON embeddings (pass, content_id, key);
    `,
  },
  {
    version: 3,
    why: 'durable jobs',
    sql: `
      CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        payload TEXT NOT NULL,
        -- The job to enqueue when this one succeeds, {kind, title, payload} as JSON, and its id once that was done.
        next TEXT,
        next_id INTEGER,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        -- JobProgress as JSON.
        progress TEXT NOT NULL,
        problem TEXT,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        -- The lease: which process runs the job, and a number it raises while it lives.
        owner TEXT,
        heartbeat INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX jobs_by_state ON jobs (state, kind);
      CREATE TABLE job_failures (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (job_id, path)
      );
    `,
  },
  {
    version: 4,
    why: 'what was wrong with the frames of a video that was indexed all the same',
    sql: `
      -- Sentences as JSON.
      ALTER TABLE embeddings ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
    `,
  },
  {
    version: 5,
    why: 'how long videos are and what pictures they hold is found out by their packets',
    sql: `
      -- Every file is looked at once more at the next scan; its embeddings stay.
      UPDATE videos SET stamp = NULL WHERE info IS NOT NULL;
    `,
  },
  {
    version: 6,
    why: 'a job that had nothing left to do is told from one that did it',
    sql: `
      -- The states are part of a table's definition, so it is made anew; failures go along, and no id is given twice.
      CREATE TABLE jobs_anew (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        payload TEXT NOT NULL,
        -- The job to enqueue when this one is done, {kind, title, payload} as JSON, and its id once that was done.
        next TEXT,
        next_id INTEGER,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'skipped', 'failed', 'cancelled')),
        -- JobProgress as JSON.
        progress TEXT NOT NULL,
        problem TEXT,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        -- The lease: which process runs the job, and a number it raises while it lives.
        owner TEXT,
        heartbeat INTEGER NOT NULL DEFAULT 0
      );
      INSERT INTO jobs_anew
        SELECT id, kind, title, payload, next, next_id, state, progress, problem, created_at, started_at, ended_at,
          cancel_requested, owner, heartbeat
        FROM jobs;
      DELETE FROM sqlite_sequence WHERE name = 'jobs_anew';
      INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs_anew', seq FROM sqlite_sequence WHERE name = 'jobs';
      CREATE TABLE failures_before AS SELECT position, job_id, path, reason FROM job_failures;
      DROP TABLE job_failures;
      DROP TABLE jobs;
      ALTER TABLE jobs_anew RENAME TO jobs;
      CREATE INDEX jobs_by_state ON jobs (state, kind);
      CREATE TABLE job_failures (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (job_id, path)
      );
      INSERT INTO job_failures SELECT position, job_id, path, reason FROM failures_before;
      DROP TABLE failures_before;
    `,
  },
  {
    version: 7,
    why: 'what the user makes of the library: tags, views, searches, videos taken off the list',
    sql: `
      CREATE TABLE video_tags (
        video_id INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
        -- In lower case, so that Cat and cat are one tag; and as it was written.
        folded TEXT NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (video_id, folded)
      ) WITHOUT ROWID;
      CREATE INDEX video_tags_by_tag ON video_tags (folded, video_id);
      -- Tags of videos that left the library, until their content is found again.
      CREATE TABLE left_tags (
        content_id TEXT NOT NULL,
        folded TEXT NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (content_id, folded)
      ) WITHOUT ROWID;
      CREATE TRIGGER tags_left BEFORE DELETE ON videos WHEN OLD.content_id IS NOT NULL BEGIN
        INSERT OR IGNORE INTO left_tags SELECT OLD.content_id, folded, tag FROM video_tags WHERE video_id = OLD.id;
      END;
      CREATE TRIGGER tags_found AFTER UPDATE OF content_id ON videos
        WHEN NEW.content_id IS NOT NULL AND OLD.content_id IS NOT NEW.content_id BEGIN
        INSERT OR IGNORE INTO video_tags SELECT NEW.id, folded, tag FROM left_tags WHERE content_id = NEW.content_id;
        DELETE FROM left_tags WHERE content_id = NEW.content_id;
      END;
      CREATE TABLE views (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        -- VideoRules as JSON.
        rules TEXT NOT NULL
      );
      CREATE TABLE searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL,
        level TEXT NOT NULL,
        -- Null for one that is only remembered.
        name TEXT,
        -- Milliseconds since the epoch.
        searched_at INTEGER NOT NULL,
        UNIQUE (text, level)
      );
      CREATE TABLE removed_videos (
        path TEXT PRIMARY KEY,
        -- Null for a file that was opened by itself.
        folder_id INTEGER REFERENCES folders(id) ON DELETE CASCADE,
        content_id TEXT
      ) WITHOUT ROWID;
    `,
  },
  {
    version: 8,
    why: 'captions that were edited and not saved to their file yet',
    sql: `
      -- By path, so that they outlast the video's time in the library.
      CREATE TABLE caption_drafts (
        path TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        -- [{text, start, end}] and {done, undone} as JSON.
        sentences TEXT NOT NULL,
        history TEXT NOT NULL,
        edited INTEGER NOT NULL,
        -- What the file said that they go back to; null where there was none.
        file TEXT,
        file_hash TEXT,
        file_sentences TEXT NOT NULL,
        -- SHA-256 of what was written last, of which no copy is kept when it is written over.
        written_hash TEXT
      );
      CREATE TRIGGER drafts_moved AFTER UPDATE OF path ON videos WHEN OLD.path IS NOT NEW.path BEGIN
        UPDATE OR REPLACE caption_drafts SET path = NEW.path WHERE path = OLD.path;
      END;
    `,
  },
  {
    version: 9,
    why: 'tiers of spans beside the captions',
    sql: `
      -- By content, so that a video keeps them under every name.
      CREATE TABLE span_tiers (
        -- Never given again: a window may still speak of a tier that another has removed.
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content_id TEXT NOT NULL,
        name TEXT NOT NULL,
        revision INTEGER NOT NULL,
        -- [{text, start, end}] and {done, undone} as JSON.
        spans TEXT NOT NULL,
        history TEXT NOT NULL,
        UNIQUE (content_id, name)
      );
    `,
  },
  {
    version: 10,
    why: 'searches with a video, or a span of one, in the place of a text',
    sql: `
      CREATE TABLE searches_next (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        -- Empty where a video stands in its place.
        text TEXT NOT NULL,
        level TEXT NOT NULL,
        video_id INTEGER REFERENCES videos(id) ON DELETE CASCADE,
        -- Seconds; null for its beginning and its end.
        span_start REAL,
        span_end REAL,
        -- Null for one that is only remembered.
        name TEXT,
        -- Milliseconds since the epoch.
        searched_at INTEGER NOT NULL
      );
      INSERT INTO searches_next (id, text, level, name, searched_at)
        SELECT id, text, level, name, searched_at FROM searches;
      DROP TABLE searches;
      ALTER TABLE searches_next RENAME TO searches;
      CREATE UNIQUE INDEX searches_once ON searches
        (text, level, ifnull(video_id, 0), ifnull(span_start, -1), ifnull(span_end, -1));
      CREATE INDEX searches_by_video ON searches (video_id);
    `,
  },
]
