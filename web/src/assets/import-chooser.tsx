import { Button, Progress, SegmentedControl, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useRef } from 'react';
import { formatBytes, formatNumber, formatPercent, plural } from '../lib/format.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { FileDrop, readChosen } from './file-drop.tsx';
import { ImportFiles } from './import-files.tsx';
import { UnfitFolder } from './import-folder.ts';
import classes from './import-page.module.css';
import {
  checkImport,
  checkWithoutFailed,
  chooseFolder,
  forgetImport,
  type ImportOptions,
  type ImportUpload,
  setImportOptions,
  stopImportUpload,
  useImportUpload,
} from './import-upload.ts';

/** The way from a folder to its dry run. */
export function ImportChooser() {
  const upload = useImportUpload();
  const { step, folder, problem } = upload;
  return (
    <>
      <FileDrop words="Drop the folder to import it" onDrop={(files) => void chooseFolder(files)} />
      {folder ? (
        <section aria-label="This import" className={classes.chosen}>
          <Found upload={upload} />
          {(step === 'chosen' || step === 'stopped') && <Options options={upload.options} />}
          {problem !== undefined && <ProblemNote error={problem} />}
          <Steps upload={upload} />
          {(step === 'sending' || step === 'stopped') && <ImportFiles files={upload.files} />}
        </section>
      ) : (
        <Choose problem={problem} isReading={step === 'reading'} />
      )}
    </>
  );
}

function Choose({ problem, isReading }: { problem: unknown; isReading: boolean }) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const take = (event: React.ChangeEvent<HTMLInputElement>) => {
    const chosen = readChosen(event.currentTarget.files);
    event.currentTarget.value = '';
    if (chosen.length > 0) void chooseFolder(chosen);
  };
  return (
    <section aria-label="Choose what to import" className={classes.choose}>
      <IconFolderOpen size={36} stroke={1.25} aria-hidden className={classes.folder} />
      <p className={classes.chooseTitle}>Drop your folder here</p>
      <p className="quiet">It holds a library.csv and the files that it names.</p>
      <input ref={folder} type="file" hidden onChange={take} {...{ webkitdirectory: '' }} />
      <input ref={files} type="file" multiple hidden onChange={take} />
      <div className={classes.chooseButtons}>
        <Button loading={isReading} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button variant="default" disabled={isReading} onClick={() => files.current?.click()}>
          Choose files
        </Button>
      </div>
      {problem instanceof UnfitFolder ? (
        <p role="alert" className={classes.unfit}>
          {problem.message}
        </p>
      ) : (
        problem !== undefined && <ProblemNote error={problem} />
      )}
    </section>
  );
}

function Found({ upload: { folder, files } }: { upload: ImportUpload }) {
  if (!folder) return null;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const extra = [...(folder.taxonomyJson ? ['terms'] : []), ...(folder.dealsCsv ? ['deals'] : [])];
  return (
    <div>
      <h2 className={classes.heading}>{folder.sourceName}</h2>
      <p>
        library.csv
        {extra.length > 0 && `, ${extra.join(' and ')}`}, and {plural(files.length, 'file')}
        {files.length > 0 && `, ${formatBytes(bytes)}`}.
        {folder.leftOutCount > 0 && (
          <span className="quiet">
            {' '}
            {plural(folder.leftOutCount, 'file')} that no row names {folder.leftOutCount === 1 ? 'is' : 'are'}{' '}
            left out.
          </span>
        )}
      </p>
    </div>
  );
}

function Options({ options: { availableSince, status } }: { options: ImportOptions }) {
  const today = new Date();
  const max = `${today.getFullYear().toString()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`;
  return (
    <div className={classes.options}>
      <TextInput
        type="date"
        label="Available to sales since"
        description={
          availableSince
            ? 'For rows without a published_at of their own.'
            : 'Left empty, it counts as new today: it enters the unused rate after 30 days.'
        }
        max={max}
        value={availableSince}
        onChange={(event) => setImportOptions({ availableSince: event.currentTarget.value })}
      />
      <div className={classes.option}>
        <span className={classes.optionLabel} aria-hidden="true">
          New assets are
        </span>
        <SegmentedControl
          aria-label="New assets are"
          data={[
            { value: 'published', label: 'Published' },
            { value: 'draft', label: 'Drafts' },
          ]}
          value={status}
          onChange={(next) => setImportOptions({ status: next as ImportOptions['status'] })}
        />
      </div>
    </div>
  );
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}

function Steps({ upload }: { upload: ImportUpload }) {
  const { step, files } = upload;
  if (step === 'sending' || step === 'checking') return <Sending upload={upload} />;
  const failedCount = files.filter((file) => file.state === 'failed').length;
  return (
    <div className={classes.steps}>
      <Button onClick={() => void checkImport()}>
        {failedCount > 0 ? `Send ${plural(failedCount, 'file')} again` : 'Check this import'}
      </Button>
      {failedCount > 0 && (
        <Button variant="default" onClick={() => void checkWithoutFailed()}>
          Go on without {failedCount === 1 ? 'it' : 'them'}
        </Button>
      )}
      <Button variant="subtle" color="gray" onClick={forgetImport}>
        Choose another folder
      </Button>
      {step === 'chosen' && <span className="quiet">Nothing of your library changes yet.</span>}
    </div>
  );
}

function Sending({ upload: { step, files } }: { upload: ImportUpload }) {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const sent = files.reduce((sum, { file, progress }) => sum + file.size * progress, 0);
  const share = bytes > 0 ? sent / bytes : 1;
  const sentCount = files.filter((file) => file.state === 'sent').length;
  const isChecking = step === 'checking';
  return (
    <div className={classes.sending}>
      <div className={classes.sendingLine} role="status">
        <strong>
          {isChecking
            ? 'Reading every row'
            : `${formatNumber(sentCount)} of ${plural(files.length, 'file')}, ${formatPercent(share)}`}
        </strong>
        {!isChecking && (
          <Button size="compact-sm" variant="default" onClick={stopImportUpload}>
            Stop
          </Button>
        )}
      </div>
      <Progress
        value={isChecking ? 100 : share * 100}
        animated={isChecking}
        size={6}
        aria-label="Files sent"
        transitionDuration={120}
      />
      <p className="quiet">You can look at other pages meanwhile. Closing the window would stop it.</p>
    </div>
  );
}
