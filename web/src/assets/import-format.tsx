import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import classes from './import-page.module.css';
import { templateCsv } from './import-template.ts';

/** What a folder for an import looks like, by example. */
export function ImportFormat() {
  return (
    <section aria-labelledby="format-heading" className={classes.format}>
      <div className={classes.formatHead}>
        <h2 id="format-heading" className={classes.heading}>
          What the folder holds
        </h2>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
          onClick={downloadTemplate}
        >
          Download library.csv to fill in
        </Button>
      </div>
      <p className={classes.prose}>
        A <strong>library.csv</strong> with a row for each asset, and the files that it names. The first line
        names the columns. Only <code>title</code> and one of <code>file</code> and <code>url</code> are
        needed; several terms in a cell are separated by semicolons.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <section className={classes.exampleScroll} tabIndex={0} aria-label="Example of a library.csv">
        <table className={classes.example}>
          <thead>
            <tr>
              {['file', 'url', 'title', 'use_when', 'personas', 'audience', 'review_by'].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>files/pricing.pdf</td>
              <td />
              <td>Pricing one-pager</td>
              <td>The buyer asks for a number before a call.</td>
              <td>Economic buyer;Procurement</td>
              <td>external</td>
              <td>2027-03-31</td>
            </tr>
            <tr>
              <td />
              <td>https://example.com/harbour</td>
              <td>Harbour case study</td>
              <td>A larger company asks who else does this.</td>
              <td>Technical lead</td>
              <td>external</td>
              <td />
            </tr>
          </tbody>
        </table>
      </section>
      <p className={classes.prose}>
        More columns, all optional: description, talk_track, stages, objections, industries, regions,
        products, languages, content_type, owner_role, status, published_at. Beside it may lie{' '}
        <strong>taxonomy.json</strong> with your terms and <strong>deals.csv</strong> from your CRM.
      </p>
      <p className={classes.prose}>
        Importing the same folder again changes only what differs: rows are known by their file or address.
      </p>
    </section>
  );
}

function downloadTemplate(): void {
  const url = URL.createObjectURL(new Blob([templateCsv()], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'library.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
