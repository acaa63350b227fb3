/** The last lines that were told to the journal, kept in memory for who asks from afar. */

const LINES = 200;
const LINE_LENGTH = 300;

export interface Journal {
  /** oldest first */
  readonly lines: readonly string[];
  /** tells the journal, and keeps the line */
  remark(line: string): void;
}

export function keepTail(tell: (line: string) => void): Journal {
  const lines: string[] = [];
  return {
    lines,
    remark(line) {
      lines.push(line.slice(0, LINE_LENGTH));
      if (lines.length > LINES) lines.shift();
      tell(line);
    },
  };
}
