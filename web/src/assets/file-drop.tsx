import { useEffect, useRef, useState } from 'react';
import classes from './file-drop.module.css';

/** A file with its path within what was chosen or dropped: `library/files/deck.pptx`. */
export interface PathFile {
  path: string;
  file: File;
}

interface FileDropProps {
  /** What happens on a drop, in a few words: "Drop to add to the library". */
  words: string;
  onDrop: (files: PathFile[]) => void;
}

/** Takes files and folders that are dropped anywhere on the page, and shows that it would. */
export function FileDrop({ words, onDrop }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setIsOver(true);
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setIsOver(false);
      void readDropped(event.dataTransfer).then((files) => files.length > 0 && latest.current(files));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className={classes.over} aria-hidden="true">
      <div className={classes.frame}>
        <span className={classes.words}>{words}</span>
      </div>
    </div>
  );
}

/** What a file input holds; a folder input says the path within the folder. */
export function readChosen(list: FileList | null): PathFile[] {
  return [...(list ?? [])]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isHidden(path));
}

async function readDropped(data: DataTransfer): Promise<PathFile[]> {
  // Entries are gone once the event is over, so all of them are taken before the first wait.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ path: file.name, file }));
  const files = await Promise.all(entries.map(readEntry));
  return files.flat().filter(({ path }) => !isHidden(path));
}

async function readEntry(entry: FileSystemEntry): Promise<PathFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PathFile[] = [];
  for (;;) {
    // A folder answers about a hundred entries at a time and nothing when it has no more.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(readEntry))).flat());
  }
}

function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');
}
