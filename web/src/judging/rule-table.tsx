import { classWords } from '../ui/judgement-words.ts';
import type { Rule } from './api.ts';
import classes from './measurement-page.module.css';
import { weightWords } from './weight-words.ts';

/** Every rule in plain words: those that decide alone, then those that weigh, heaviest first. */
export function RuleTable({ rules }: { rules: Rule[] }) {
  const deciding = rules.filter(({ decides }) => decides !== null);
  const weighed = rules
    .filter(({ decides }) => decides === null)
    .toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
  return (
    <table className={`${classes.table} ${classes.rules}`}>
      <caption className="only-heard">Rules</caption>
      <thead>
        <tr>
          <th scope="col">Sign</th>
          <th scope="col">What it does</th>
        </tr>
      </thead>
      <tbody>
        {deciding.map(({ name, sentence, decides }) => (
          <tr key={name}>
            <th scope="row">{sentence}</th>
            <td>decides: {decides && classWords[decides].name}</td>
          </tr>
        ))}
        {weighed.map(({ name, sentence, weight }) => (
          <tr key={name}>
            <th scope="row">{sentence}</th>
            <td>
              {weightWords(weight ?? 0)}{' '}
              <span className={classes.logOdds}>
                {(weight ?? 0) > 0 ? '+' : '−'}
                {Math.abs(weight ?? 0).toFixed(1)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
